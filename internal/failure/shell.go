package failure

import "strings"

// Arg quotes a value as one shell word. Users copy suggested commands, and a value
// from a server or a file could contain code that the shell would run. Values
// without special characters are returned unchanged. A suggested command is one line of
// text, so control characters become spaces; a header with a line break still matches.
func Arg(value string) string {
	value = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, value)
	if value == "-" || value != "" && !strings.ContainsFunc(value, special) && value[0] != '-' && value[0] != '=' {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}

// special reports whether a character may have a meaning to a shell. A = has one only at
// the beginning of a word: zsh replaces =NAME with the path of a program.
func special(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	}
	return !strings.ContainsRune("_-./:@%+,=", r)
}
