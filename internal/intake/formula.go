package intake

import "strings"

// formulaStarts are the characters with which a spreadsheet begins to calculate.
const formulaStarts = "=+-@\t\r"

// Harmless puts a ' before a text that a spreadsheet would run as a formula, and
// before one that Plain would take for such a text.
func Harmless(text string) string {
	if looksRun(text) {
		return "'" + text
	}
	return text
}

// Plain undoes Harmless, and changes nothing else.
func Plain(text string) string {
	if strings.HasPrefix(text, "'") && looksRun(text) {
		return text[1:]
	}
	return text
}

// looksRun tells of a text that begins like a formula, after any number of '.
func looksRun(text string) bool {
	rest := strings.TrimLeft(text, "'")
	return rest != "" && strings.IndexByte(formulaStarts, rest[0]) >= 0
}
