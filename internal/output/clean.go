package output

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes visible, as escapes such as \x1b and \u202e, what a terminal
// would obey or hide: control characters, overrides of the writing direction,
// characters without a glyph, separators of lines, and bytes that are no UTF-8.
// Other text stays as it is, the joiners and variation selectors that emoji and
// some scripts need included. The result is at most four times as long.
func Clean(s string) string { return clean(s, "") }

// clean is Clean that lets the characters of keep through.
func clean(s, keep string) string {
	return replace(s, keep, unsafeAt)
}

// cleanData makes control characters visible, but for those of keep, and leaves
// all else to the program that reads it: a mark of the writing direction is
// part of an Arabic name.
func cleanData(s, keep string) string {
	return replace(s, keep, func(s string, i int, r rune) bool { return control(r) || broken(s, i, r) })
}

// replace writes the characters that are found bad as escapes.
func replace(s, keep string, bad func(s string, i int, r rune) bool) string {
	var b strings.Builder
	done := 0
	for i, r := range s {
		if r >= ' ' && r < 0x7f || !bad(s, i, r) || strings.ContainsRune(keep, r) {
			continue
		}
		b.WriteString(s[done:i])
		_, size := utf8.DecodeRuneInString(s[i:])
		done = i + size
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// unsafeAt tells whether the character at s[i] steers a terminal or deceives its
// reader.
func unsafeAt(s string, i int, r rune) bool {
	if !joins(r) {
		return unsafe(r) || broken(s, i, r)
	}
	if r != zwj && r != zwnj {
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		return !joinable(before)
	}
	before, _ := utf8.DecodeLastRuneInString(strings.TrimSuffix(s[:i], emojiStyle))
	after, _ := utf8.DecodeRuneInString(s[i+len("\u200d"):])
	return !joinable(before) || !joinable(after)
}

// unsafe tells of characters that are unsafe wherever they stand; the joiners
// are not asked of it.
func unsafe(r rune) bool {
	if r < 0xad {
		return control(r)
	}
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}

func control(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// broken tells of a byte that is no UTF-8.
func broken(s string, i int, r rune) bool {
	return r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD")
}

// Characters without a glyph that shape those beside them.
const (
	zwnj       = '\u200c'
	zwj        = '\u200d'
	emojiStyle = "\ufe0f" // a variation selector, which may stand before zwj
)

func joins(r rune) bool {
	return r == zwnj || r == zwj || unicode.Is(unicode.Variation_Selector, r)
}

// joinable tells of characters beside which a joiner has work to do: those of
// emoji and of the scripts from Hebrew on. In Latin, Greek and Cyrillic, and so
// in every id, a joiner only hides.
func joinable(r rune) bool {
	return r >= 0x590 && r != utf8.RuneError && !unsafe(r) && !joins(r)
}
