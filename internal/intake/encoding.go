package intake

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"github.com/bayworks/stockctl/internal/intake/foreign"
)

// The byte order marks, and the mark of a compressed file.
const (
	bomUTF8  = "\xef\xbb\xbf"
	bomUTF16 = "\xff\xfe" // little-endian
	bomBig16 = "\xfe\xff"

	markGzip = "\x1f\x8b"
)

// utf16Order reports whether a text is UTF-16, and whether it is big-endian. It goes by
// the mark or the NULs: with English letters and digits, every second byte is NUL.
func utf16Order(head []byte) (big, ok bool) {
	switch {
	case bytes.HasPrefix(head, []byte(bomUTF16)):
		return false, true
	case bytes.HasPrefix(head, []byte(bomBig16)):
		return true, true
	}
	var nul [2]int
	for i, b := range head {
		if b == 0 {
			nul[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case half == 0:
		return false, false
	case nul[0] == 0 && nul[1]*10 >= half*6:
		return false, true
	case nul[1] == 0 && nul[0]*10 >= half*6:
		return true, true
	}
	return false, false
}

// plainText checks that a document is UTF-8 text of a reasonable size, removes its byte
// order mark and converts its line ends to \n.
func (g *gatherer) plainText(text []byte) ([]byte, bool) {
	whole := Pos{File: g.file}
	_, wide := utf16Order(text[:min(len(text), sampleBytes)])
	what := foreign.Binary(text)
	switch {
	case what != "":
	case len(text) > maxDocumentBytes:
		what = "is larger than 16 MiB: write the records as CSV and import that"
	case bytes.HasPrefix(text, []byte(markGzip)):
		what = "is compressed (gzip): unpack it first"
	case wide:
		what = "is encoded as UTF-16: save it as UTF-8"
	}
	if what != "" {
		g.fail(whole, "%s", what)
		return nil, false
	}
	text = unixLines(bytes.TrimPrefix(text, []byte(bomUTF8)))
	if len(bytes.TrimSpace(text)) == 0 {
		g.fail(whole, "is empty")
		return nil, false
	}
	if at, what := badCharacter(text); what != "" {
		g.fail(newWalker(g.file, text, 1).pos(at), "%s", what)
		return nil, false
	}
	return text, true
}

// unixLines converts every line end to \n, so that lines are those in an editor.
func unixLines(text []byte) []byte {
	if bytes.IndexByte(text, '\r') < 0 {
		return text
	}
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
}

// badCharacter finds the first character that is not allowed in a text file.
func badCharacter(text []byte) (offset int, what string) {
	for i := 0; i < len(text); {
		b := text[i]
		switch {
		case b == 0:
			return i, "is not text: it contains a NUL byte"
		case b < ' ' && b != '\t' && b != '\n' && b != '\r' || b == 0x7f:
			return i, "contains a control character: remove it"
		case b < utf8.RuneSelf:
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i, "is not UTF-8 here: save the file as UTF-8"
		}
		i += size
	}
	return 0, ""
}

// plainASCII reports whether all bytes are ASCII and none is NUL.
func plainASCII(p []byte) bool {
	const high, ones = 0x8080808080808080, 0x0101010101010101
	for ; len(p) >= 8; p = p[8:] {
		x := binary.LittleEndian.Uint64(p)
		if x&high != 0 || (x-ones)&^x&high != 0 {
			return false
		}
	}
	for _, b := range p {
		if b == 0 || b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// decoded converts the bytes of an encoding to UTF-8. It keeps a byte order mark.
func decoded(r io.Reader, encoding string) io.Reader {
	switch encoding {
	case UTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder().Reader(r)
	case UTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder().Reader(r)
	}
	if page := charset(encoding); page != nil {
		return page.NewDecoder().Reader(r)
	}
	return r
}

// badCell returns what is wrong with the characters of a cell, or "".
func badCell(cell string) string {
	switch {
	case strings.IndexByte(cell, 0) >= 0:
		return "contains a NUL byte: this is not text"
	case !utf8.ValidString(cell):
		return "is not UTF-8, though the start of the file is: correct it, or give the file's encoding with --encoding, such as windows-1252"
	case strings.ContainsRune(cell, utf8.RuneError):
		return "contains a broken character (\ufffd): the file was saved in another encoding than it was read in"
	}
	return ""
}
