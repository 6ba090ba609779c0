package failure

import (
	"strings"

	"github.com/dustin/go-humanize"
)

// Count formats a number with words that agree: "1 record is", "3,000 records are". one
// and many are the words after the number.
func Count[N int | int64](n N, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return humanize.Comma(int64(n)) + " " + many
}

// Capital begins an English text with a capital letter.
func Capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
