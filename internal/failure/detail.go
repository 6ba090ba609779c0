package failure

import (
	"cmp"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Detail is one mistake in the input. Fields that are not known are absent.
type Detail struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"` // in characters, from 1
	Flag    string `json:"flag,omitempty"`   // "--qty"
	Field   string `json:"field,omitempty"`
	Value   string `json:"value,omitempty"` // as it was written
	Code    string `json:"code"`            // a word of the list, or the API's own for a row that it refused
	Message string `json:"message"`
}

// DetailsOf are the mistakes that an error lists: the first 1,000 of them; none
// for an error that lists nothing.
func DetailsOf(err error) []Detail {
	var listing interface{ Listed() []Problem }
	if !errors.As(err, &listing) {
		return nil
	}
	var out []Detail
	for _, p := range listing.Listed() {
		if len(out) == maxListed {
			break
		}
		out = append(out, p.detail())
	}
	return out
}

// place finds the parts of FILE:LINE:COLUMN and FILE:LINE.
var place = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(.*?):(\d+)(?::(\d+))?$`) })

func (p Problem) detail() Detail {
	d := Detail{Field: p.Field, Value: p.Value, Code: cmp.Or(p.Code, CodeInvalid), Message: p.What}
	if strings.HasPrefix(p.Where, "--") {
		d.Flag = p.Where
		return d
	}
	m := place().FindStringSubmatch(p.Where)
	if m == nil {
		d.File = p.Where
		return d
	}
	d.File = m[1]
	// Both are digits; a number too large for an int is no line of a file.
	d.Line, _ = strconv.Atoi(m[2])
	d.Column, _ = strconv.Atoi(m[3])
	return d
}

// Listed are the mistakes one by one.
func (p *Problems) Listed() []Problem { return p.List }
