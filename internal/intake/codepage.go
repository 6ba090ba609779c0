package intake

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// codePage is an encoding that the user can choose, by our name or another common one.
type codePage struct {
	name    string
	also    []string
	charset encoding.Encoding
}

func codePages() []codePage {
	return []codePage{
		{Windows1252, []string{"cp1252", "latin1", "iso88591"}, charmap.Windows1252},
		{"windows-1250", []string{"cp1250"}, charmap.Windows1250},
		{"windows-1251", []string{"cp1251"}, charmap.Windows1251},
		{"iso-8859-2", []string{"latin2"}, charmap.ISO8859_2},
		{"iso-8859-15", []string{"latin9"}, charmap.ISO8859_15},
		{"cp437", []string{"ibm437"}, charmap.CodePage437},
		{"cp850", []string{"ibm850"}, charmap.CodePage850},
		{"macintosh", []string{"macroman"}, charmap.Macintosh},
		{"shift-jis", []string{"sjis", "cp932", "windows31j"}, japanese.ShiftJIS},
		{"gbk", []string{"gb2312", "cp936", "gb18030"}, simplifiedchinese.GB18030},
	}
}

// Encodings returns the names of all supported encodings. Other common names are accepted,
// too.
func Encodings() []string {
	out := []string{UTF8, "utf-16"}
	for _, p := range codePages() {
		out = append(out, p.name)
	}
	return out
}

// charset returns the encoding of a code page, or nil for UTF-8 and UTF-16.
func charset(name string) encoding.Encoding {
	for _, p := range codePages() {
		if p.name == name {
			return p.charset
		}
	}
	return nil
}

// canonical returns our name of an encoding, or "" if it is unknown.
func canonical(name string) string {
	folded := foldEncoding(name)
	switch folded {
	case "utf8":
		return UTF8
	case "utf16":
		return "utf-16"
	case "utf16le":
		return UTF16LE
	case "utf16be":
		return UTF16BE
	}
	for _, p := range codePages() {
		for _, other := range append([]string{foldEncoding(p.name)}, p.also...) {
			if folded == other {
				return p.name
			}
		}
	}
	return ""
}

func foldEncoding(name string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name))
}

// encoded appends a text in a code page. Characters that it lacks become question marks.
func encoded(into []byte, text string, to encoding.Encoding) []byte {
	if whole, err := to.NewEncoder().Bytes([]byte(text)); err == nil {
		return append(into, whole...)
	}
	e := to.NewEncoder()
	for _, r := range text {
		one, err := e.String(string(r))
		if err != nil {
			e.Reset()
			one = "?"
		}
		into = append(into, one...)
	}
	return into
}
