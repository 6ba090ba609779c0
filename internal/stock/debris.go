package stock

import "strings"

// Debris reports what a spreadsheet or a program left in place of an id or code, and how
// to fix it. It returns "" if the text may be one. For most ids, it examines only the
// first character.
func Debris(text string) string {
	if text == "" {
		return ""
	}
	switch first := text[0]; {
	case first == 'n', first == 'N', first == 'u', first == 'U':
		switch strings.ToLower(text) {
		case "null", "nil", "nan", "none", "n/a", "undefined":
			return "is a placeholder for a missing value: leave it blank, or write the value"
		}
	case first == '#' && (strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") || text == "#N/A"):
		return "is the error of a spreadsheet formula: correct the formula, or write the value"
	case first == '=':
		return "is a formula, not its value: in the spreadsheet, paste the column as values and save again"
	case first == '\'' && len(text) > 1:
		return "begins with the ' that marks a text in a spreadsheet: remove it"
	case '0' <= first && first <= '9':
		if whole, zeros, ok := strings.Cut(text, "."); ok && zeros != "" && strings.Trim(whole, "0123456789") == "" && strings.Trim(zeros, "0") == "" {
			return "is a number with decimals, as a spreadsheet writes it: format the column as text"
		}
	}
	return ""
}
