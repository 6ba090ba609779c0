package stock

import "strings"

// Debris says what a spreadsheet has left in place of an id or a code, with the
// cure; blank for what may be one.
func Debris(text string) string {
	if text == "" {
		return ""
	}
	switch strings.ToLower(text) {
	case "null", "nil", "nan", "none", "n/a", "undefined":
		return "is what a program writes for no value: leave it blank, or write the value"
	}
	switch {
	case text[0] == '#' && (strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") || text == "#N/A"):
		return "is an error of a spreadsheet's formula: correct the formula, or write the value"
	case text[0] == '=':
		return "is a formula, not its value: in the spreadsheet, paste the column as values and save again"
	case text[0] == '\'' && len(text) > 1:
		return "begins with the ' that marks a text in a spreadsheet: remove it"
	}
	if whole, zeros, ok := strings.Cut(text, "."); ok && whole != "" && zeros != "" && strings.Trim(whole, "0123456789") == "" && strings.Trim(zeros, "0") == "" {
		return "is a number with decimals, as a spreadsheet writes it: format the column as text"
	}
	return ""
}
