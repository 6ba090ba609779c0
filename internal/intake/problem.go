package intake

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/bayworks/stockctl/internal/failure"
)

// problem returns a mistake at a position, without a field: this package knows none.
func problem(at Pos, format string, args ...any) failure.Problem {
	return failure.Problem{Where: at.String(), What: fmt.Sprintf(format, args...)}
}

// clip makes text from a file fit for a message: short, in one line, and without
// control characters.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '·'
		}
		return r
	}, s)
	return failure.Clip(s, 40)
}
