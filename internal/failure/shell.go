package failure

import "strings"

// Arg writes a value as one word for a shell, in a command that is suggested:
// people copy it. A value from a server or a file may hold what a shell runs. A
// value without such signs stays as it is.
func Arg(value string) string {
	if value != "" && !strings.ContainsFunc(value, special) && value[0] != '-' {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}

// special tells of every sign that is not known to mean nothing to a shell.
func special(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	}
	return !strings.ContainsRune("_-./:@%+,", r)
}
