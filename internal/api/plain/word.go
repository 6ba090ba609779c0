package plain

import "unicode/utf8"

// longest is the longest word, in bytes.
const longest = 255

// IsWord reports whether a text consists of letters, digits, _ and -, like nearly all
// ids. Such texts need no further checks, which saves time in files with many rows.
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

// First returns the first character for which the condition is true.
func First(s string, is func(rune) bool) rune {
	for _, r := range s {
		if is(r) {
			return r
		}
	}
	return utf8.RuneError
}
