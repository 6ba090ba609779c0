package intake

import (
	"bytes"
	"encoding/binary"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
)

// The byte order marks, and the marks of files that are not text.
const (
	bomUTF8  = "\xef\xbb\xbf"
	bomUTF16 = "\xff\xfe" // little-endian
	bomBig16 = "\xfe\xff"

	markGzip = "\x1f\x8b"
	markZip  = "PK\x03\x04"
	markOLE  = "\xd0\xcf\x11\xe0"
	markPDF  = "%PDF-"
)

// saveAsCSV is the advice for a spreadsheet that cannot be read.
const saveAsCSV = "save it as .xlsx or CSV and give that file"

// foreign returns what kind of file this is, and how to fix that, if it is not text. It
// returns "" for anything that may be text.
func foreign(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte(markZip)):
		return "is a spreadsheet (.xlsx) or another zip archive: " + saveAsCSV
	case bytes.HasPrefix(head, []byte(markOLE)):
		return "is an old workbook (.xls) or one with a password: save it as .xlsx or CSV, without a password, and give that file"
	case bytes.HasPrefix(head, []byte(markPDF)):
		return "is a PDF: give the data as text"
	}
	for _, packed := range []struct{ mark, says string }{
		{"BZh", "is compressed with bzip2: unpack it with bunzip2 and give that file"},
		{"\x28\xb5\x2f\xfd", "is compressed with Zstandard: unpack it with unzstd and give that file"},
		{"\xfd7zXZ", "is compressed with xz: unpack it with unxz and give that file"},
		{"7z\xbc\xaf", "is a 7-Zip archive: unpack it and give the file that is in it"},
		{"Rar!", "is a RAR archive: unpack it and give the file that is in it"},
	} {
		if bytes.HasPrefix(head, []byte(packed.mark)) {
			return packed.says
		}
	}
	return ""
}

// document returns what a text is, and how to fix that, if it is not a table. It
// returns "" for anything that may be one.
func document(name string, head []byte) string {
	text := strings.ToLower(strings.TrimLeft(strings.TrimPrefix(string(head[:min(len(head), 4096)]), bomUTF8), " \t\r\n"))
	switch ext := strings.ToLower(filepath.Ext(name)); {
	case strings.HasPrefix(text, "<") && strings.Contains(text, "<html") || strings.HasPrefix(text, "<table"):
		return "is a web page (HTML), whatever its name says: open it in a spreadsheet and " + saveAsCSV
	case strings.HasPrefix(text, "<?xml"), strings.HasPrefix(text, "<!doctype"), strings.HasPrefix(text, "<workbook"):
		return "is XML, whatever its name says: open it in a spreadsheet and " + saveAsCSV
	case ext == ".yaml", ext == ".yml", strings.HasPrefix(text, "---\n"), strings.HasPrefix(text, "- productid:"):
		return "is YAML, which is not a table: `stockctl inventory create -f FILE` creates its records"
	}
	return ""
}

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
	what := foreign(text)
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
