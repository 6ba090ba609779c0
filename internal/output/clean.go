package output

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean replaces characters that a terminal would interpret or hide by visible
// escapes such as \x1b and \u202e: control characters, overrides of the writing
// direction, invisible characters, line separators and invalid UTF-8. All other text
// is unchanged, including the joiners and variation selectors that emoji and some
// scripts need. The result is at most four times as long.
func Clean(s string) string { return clean(s, "") }

// clean is Clean, except that it leaves the characters of keep unchanged.
func clean(s, keep string) string {
	return replace(s, keep, unsafeAt)
}

// cleanData escapes only control characters other than those of keep. The rest is up
// to the program that reads the data: direction marks can be part of an Arabic name,
// for example.
func cleanData(s, keep string) string {
	return replace(s, keep, func(s string, i int, r rune) bool { return control(r) || broken(s, i, r) })
}

// replace escapes the characters for which bad returns true.
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

// unsafeAt reports whether the character at s[i] could control the terminal or
// deceive the reader.
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

// unsafe reports whether a character is unsafe regardless of its context. It does
// not apply to joiners.
func unsafe(r rune) bool {
	if r < 0xad {
		return control(r)
	}
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}

func control(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// broken reports whether the byte at s[i] is invalid UTF-8.
func broken(s string, i int, r rune) bool {
	return r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD")
}

// Invisible characters that shape adjacent ones.
const (
	zwnj       = '\u200c'
	zwj        = '\u200d'
	emojiStyle = "\ufe0f" // a variation selector, which may precede zwj
)

func joins(r rune) bool {
	return r == zwnj || r == zwj || unicode.Is(unicode.Variation_Selector, r)
}

// joinable reports whether a joiner next to this character has an effect: in emoji
// and in scripts from Hebrew on. In Latin, Greek and Cyrillic, and therefore in
// ids, a joiner could only be hiding.
func joinable(r rune) bool {
	return r >= 0x590 && r != utf8.RuneError && !unsafe(r) && !joins(r)
}
