package failure

import "strings"

// Arg quotes a value as one shell word. Users copy suggested commands, and a value
// from a server or a file could contain code that the shell would run. Values
// without special characters are returned unchanged.
func Arg(value string) string {
	if value != "" && !strings.ContainsFunc(value, special) && value[0] != '-' {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}

// special reports whether a character may have a meaning to a shell.
func special(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	}
	return !strings.ContainsRune("_-./:@%+,", r)
}
