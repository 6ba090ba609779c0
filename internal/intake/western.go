package intake

import (
	"unicode/utf8"
)

// western finds the first place in a text, assumed to be windows-1252 because it is not
// UTF-8, that contradicts this. Texts in cp850, Shift-JIS, GBK and Eastern European
// encodings have bytes that no word in windows-1252 has. Writes may split it anywhere.
type western struct {
	file         string
	line, column int
	last         [2]byte // the two bytes before the next one
	run          int     // consecutive non-ASCII letters, up to the last byte
	any          bool    // a byte was seen
}

// Write checks the next bytes. Its error has the position.
func (w *western) Write(p []byte) (int, error) {
	if !w.any {
		w.any, w.line, w.column = true, 1, 0
	}
	for i, b := range p {
		if !w.accept(b) {
			return i, fatal(Pos{w.file, w.line, max(1, w.column)}, "%s", unclear)
		}
	}
	return len(p), nil
}

const unclear = "the file is not UTF-8, and this is not windows-1252 either: save it as UTF-8, or give its encoding with --encoding, such as cp850, shift-jis or gbk"

// accept checks the byte before the given one, between its neighbours.
func (w *western) accept(next byte) bool {
	before, b := w.last[0], w.last[1]
	ok := b < utf8.RuneSelf || w.plausible(before, b, next)
	if isHighLetter(next) {
		w.run++
	} else {
		w.run = 0
	}
	ok = ok && w.run < 3
	if ok {
		w.last = [2]byte{b, next}
		if w.column++; b == '\n' {
			w.line, w.column = w.line+1, 1
		}
	}
	return ok
}

// plausible reports whether windows-1252 is likely to have a byte between its neighbours.
func (w *western) plausible(before, b, next byte) bool {
	inside := isLetter(before) && isLetter(next)
	switch {
	case isHighLetter(b):
		upper, lower := b >= 0xc0 && b <= 0xde, next >= 0xdf
		return !upper || !lower || !isHighLetter(next)
	case b == 0x92, b == 0xad, b == 0xb7: // ’, a soft hyphen, and the dot of l·l
		return true
	case b == 0x9c: // œ
		return isLetter(next)
	case b == 0x80, b == 0x99: // €, ™
		return !isLetter(next)
	case b >= 0xa1 && b <= 0xa5: // currency signs, and ¡
		return !isLetter(before) && b != 0xa4
	case b == 0x85, b == 0x91, b == 0x93, b == 0x94, b == 0x95, b == 0x96, b == 0x97, b == 0xa0, b == 0xab, b == 0xbb, b == 0xbf:
		return !inside
	case b > 0xa5:
		return !inside && !isHighLetter(before) && !isHighLetter(next)
	}
	return false
}

func isLetter(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || isHighLetter(b)
}

func isHighLetter(b byte) bool { return b >= 0xc0 && b != 0xd7 && b != 0xf7 }

// strayByte finds the first byte of a sample that is not UTF-8. It also reports whether
// the sample has valid UTF-8 characters that are not ASCII.
func strayByte(sample []byte) (at int, stray, mixed bool) {
	at = -1
	for i := 0; i < len(sample); {
		r, size := utf8.DecodeRune(sample[i:])
		switch {
		case r == utf8.RuneError && size == 1 && !utf8.FullRune(sample[i:]):
			return at, stray, mixed // the end of the sample cuts this character
		case r == utf8.RuneError && size == 1:
			if !stray {
				at, stray = i, true
			}
		case size > 1:
			mixed = true
		}
		i += size
	}
	return at, stray, mixed
}

// placeIn returns the position of a byte in a text that is UTF-8 up to it.
func placeIn(file string, text []byte, at int) Pos {
	line, start := 1, 0
	for i, b := range text[:at] {
		if b == '\n' {
			line, start = line+1, i+1
		}
	}
	return Pos{file, line, utf8.RuneCount(text[start:at]) + 1}
}
