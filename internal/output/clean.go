package output

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes visible what a terminal would obey or hide: control characters,
// escape sequences, overrides of the writing direction, zero-width characters
// and separators of lines. Other text stays as it is.
func Clean(s string) string { return clean(s, "") }

// clean is Clean that lets the characters of keep through.
func clean(s, keep string) string {
	if !strings.ContainsFunc(s, unsafe) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case !unsafe(r), strings.ContainsRune(keep, r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}

// unsafe tells of characters that steer a terminal or deceive its reader.
func unsafe(r rune) bool {
	switch {
	case r < 0x80:
		return r < ' ' || r == 0x7f
	case unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp):
		return true
	case r == '\u200d', r == '\u200c': // joiners: part of emoji and of words
		return false
	}
	return unicode.Is(unicode.Cf, r)
}
