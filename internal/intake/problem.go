package intake

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/bayworks/stockctl/internal/failure"
)

// problem places a mistake. The sentence says what it is about, since this package
// knows no fields.
func problem(at Pos, format string, args ...any) failure.Problem {
	return failure.Problem{Where: at.String(), What: fmt.Sprintf(format, args...)}
}

// clip makes what a file holds fit for a sentence: short, in one line, and
// without control characters.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '·'
		}
		return r
	}, s)
	return failure.Clip(s, 40)
}
