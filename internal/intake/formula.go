package intake

import "strings"

// formulaStarts are the characters that begin a formula in a spreadsheet.
const formulaStarts = "=+-@\t\r"

// Harmless puts a ' in front of a text that a spreadsheet would run as a formula, and
// of a text that Plain would otherwise change.
func Harmless(text string) string {
	if looksRun(text) {
		return "'" + text
	}
	return text
}

// Plain reverses Harmless and leaves other texts unchanged.
func Plain(text string) string {
	if strings.HasPrefix(text, "'") && looksRun(text) {
		return text[1:]
	}
	return text
}

// looksRun reports whether a text begins like a formula, after any number of '.
func looksRun(text string) bool {
	rest := strings.TrimLeft(text, "'")
	return rest != "" && strings.IndexByte(formulaStarts, rest[0]) >= 0
}
