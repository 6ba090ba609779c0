package columns

import (
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// blanks reports spaces around a code.
func blanks(text string) string {
	if strings.TrimSpace(text) != text {
		return "has spaces around it"
	}
	return ""
}

// checkDebris returns the result of stock.Debris as a problem with a field.
func checkDebris(field, text string) *failure.Problem {
	if what := stock.Debris(text); what != "" {
		return &failure.Problem{Field: field, Value: text, What: what}
	}
	return nil
}
