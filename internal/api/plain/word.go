package plain

import "unicode/utf8"

// longest is the most bytes of a word.
const longest = 255

// IsWord tells of a text of letters, digits, _ and -, as nearly all ids
// are: nothing can be wrong with it, and many rows feel the closer look.
func IsWord(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '-':
		default:
			return false
		}
	}
	return s != "" && len(s) <= longest
}

// First returns the first character of which a condition holds.
func First(s string, is func(rune) bool) rune {
	for _, r := range s {
		if is(r) {
			return r
		}
	}
	return utf8.RuneError
}
