package iostreams

import "strings"

// Live is the mark of a profile whose writes change real stock.
const Live = "(LIVE)"

// Loud makes the mark of real stock stand out in a text.
func Loud(text string, color bool) string {
	return strings.ReplaceAll(text, Live, paint("1;31", Live, color))
}

// Green colours a text about something that succeeded.
func Green(text string, color bool) string { return paint("32", text, color) }

func paint(code, text string, color bool) string {
	if !color {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
