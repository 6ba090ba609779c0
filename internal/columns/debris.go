package columns

import (
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// blanks reports spaces around a code, and invisible characters in it.
func blanks(text string) string {
	if strings.TrimSpace(text) != text {
		return "has spaces around it"
	}
	return ""
}

// checkDebris is api.Debris as a mistake of a field.
func checkDebris(field, text string) *failure.Problem {
	if what := api.Debris(text); what != "" {
		return &failure.Problem{Field: field, Value: text, What: what}
	}
	return nil
}
