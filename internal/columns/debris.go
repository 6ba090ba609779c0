package columns

import (
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// blanks reports spaces around a code, and invisible characters in it.
func blanks(text string) string {
	if strings.TrimSpace(text) != text {
		return "has spaces around it"
	}
	return ""
}

// checkDebris is stock.Debris as a mistake of a field.
func checkDebris(field, text string) *failure.Problem {
	if what := stock.Debris(text); what != "" {
		return &failure.Problem{Field: field, Value: text, What: what}
	}
	return nil
}
