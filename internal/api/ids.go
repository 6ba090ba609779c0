package api

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/bayworks/stockctl/internal/api/plain"
	"github.com/bayworks/stockctl/internal/failure"
)

// maxID is the longest id, in bytes.
const maxID = 255

// shortened matches a long number that a spreadsheet has changed: 9.78014E+12.
var shortened = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[+-]?[0-9]+([.,][0-9]+)?[eE]\+[0-9]+$`) })

// CheckID returns what is wrong with a required id, or nil. It checks only the form:
// only the API knows whether the id exists.
func CheckID(field, value string) *failure.Problem {
	if plain.IsWord(value) {
		return nil
	}
	var what string
	switch {
	case strings.TrimSpace(value) == "":
		what = "is required"
	case !utf8.ValidString(value):
		what = "is not valid UTF-8 text"
	case strings.TrimSpace(value) != value:
		what = "has spaces around it"
	case strings.ContainsFunc(value, plain.IsControl):
		what = "contains a control character"
	case strings.ContainsFunc(value, unicode.IsSpace):
		what = "contains a space"
	case strings.ContainsFunc(value, plain.IsInvisible):
		what = fmt.Sprintf("contains an invisible character (%U)", plain.First(value, plain.IsInvisible))
	case value == "." || value == "..":
		what = "is not an id"
	case len(value) > maxID:
		what = fmt.Sprintf("is longer than %d bytes", maxID)
	case shortened().MatchString(value):
		what = "is a long number that a spreadsheet shortened: format the column as text and export it again"
	default:
		return nil
	}
	return &failure.Problem{Field: field, Value: value, What: what}
}

// pathOf joins segments to a path below the base URL. It escapes each, so that an id
// with a slash stays one segment. The ids "." and ".." are errors: they cannot be
// escaped and would change the path.
func pathOf(segments ...string) (string, error) {
	var b strings.Builder
	for _, s := range segments {
		if s == "" || s == "." || s == ".." {
			return "", failure.Usagef("%q is not an id", s)
		}
		b.WriteByte('/')
		b.WriteString(url.PathEscape(s))
	}
	return b.String(), nil
}
