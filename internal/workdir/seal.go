package workdir

import (
	"hash/crc32"
	"strconv"
)

// SealLength is how many bytes Seal adds to a text: eight hex digits, a space and the
// line end.
const SealLength = 10

// Seal appends a text to b as a line with a checksum: checksum, space, text, line
// end.
func Seal(b, text []byte) []byte {
	const digits = "0123456789abcdef"
	sum := crc32.Checksum(text, crc32.MakeTable(crc32.Castagnoli))
	for shift := 28; shift >= 0; shift -= 4 {
		b = append(b, digits[sum>>shift&0xf])
	}
	b = append(b, ' ')
	b = append(b, text...)
	return append(b, '\n')
}

// Unseal returns the text of a line, without its line end, if the checksum matches.
func Unseal(line []byte) (text string, whole bool) {
	const before = SealLength - 1
	if len(line) < before || line[before-1] != ' ' {
		return "", false
	}
	sum, err := strconv.ParseUint(string(line[:before-1]), 16, 32)
	rest := line[before:]
	return string(rest), err == nil && uint32(sum) == crc32.Checksum(rest, crc32.MakeTable(crc32.Castagnoli))
}
