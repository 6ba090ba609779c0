package columns

import (
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
)

// Rule maps a column to a field. Headers are compared regardless of case, spaces, _ and
// -. A * in the header matches the name of a warehouse.
type Rule struct {
	Header string `json:"header"`
	Field  string `json:"field"` // FIELD, FIELD@WAREHOUSE, FIELD@*, or _ for none
	// Optional marks a rule of a layout: the column may be missing, and the rule is
	// ignored in a mode without the field.
	Optional bool `json:"optional,omitempty"`
}

// Translation replaces a value of a field. Values are compared regardless of case. A
// blank To empties the cell. A * in From matches any text, which replaces the * in To.
type Translation struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// ParseRule parses HEADER=FIELD. It splits at the last =, since a header may contain one.
func ParseRule(text string) (Rule, error) {
	i := strings.LastIndex(text, "=")
	if i < 1 || i == len(text)-1 {
		return Rule{}, failure.Usagef("--map must be HEADER=field, not %q", text)
	}
	r := Rule{Header: strings.TrimSpace(text[:i]), Field: strings.TrimSpace(text[i+1:])}
	return r, r.check()
}

// check refuses a rule that cannot match anything, or that lacks its warehouse.
func (r Rule) check() error {
	_, warehouse, wide := r.parts()
	stars := strings.Count(r.Header, "*")
	switch {
	case warehouse == "*" && stars > 1:
		return failure.Usagef("--map %s=%s: a header may have only one *", r.Header, r.Field)
	case warehouse == "*" && stars == 0, r.Header == "*" && !r.anyWarehouse(), wide && warehouse != "*" && stars > 0:
		return failure.Usagef("--map %s=%s: a * in the header requires FIELD@*, and FIELD@* requires a * in the header", r.Header, r.Field)
	case wide && warehouse == "":
		return failure.Usagef("--map %s=%s: name the warehouse after the @", r.Header, r.Field)
	}
	return nil
}

// anyWarehouse reports whether the * in the header is a placeholder for a warehouse. In
// other rules it is part of the header, such as "*Product Code".
func (r Rule) anyWarehouse() bool { return strings.HasSuffix(r.Field, "@*") }

// parts returns the field of a rule, and the warehouse in it, if any.
func (r Rule) parts() (field, warehouse string, wide bool) { return strings.Cut(r.Field, "@") }

// ParseTranslation parses FIELD:FROM=TO. It splits at the first : and the last =.
func ParseTranslation(text string) (Translation, error) {
	field, rest, ok := strings.Cut(text, ":")
	i := strings.LastIndex(rest, "=")
	if !ok || field == "" || i < 1 {
		return Translation{}, failure.Usagef("--value must be FIELD:FROM=TO, such as 'warehouseId:eu-1=LGS-01', not %q", text)
	}
	return Translation{strings.TrimSpace(field), strings.TrimSpace(rest[:i]), strings.TrimSpace(rest[i+1:])}, nil
}

// translations are the replacements for the values of one field.
type translations struct {
	field int
	to    map[string]string // by the value in lower case
	parts []Translation     // those with a *
}

// translate applies --value to a value.
func (t translations) translate(text string) string {
	trimmed := strings.TrimSpace(text)
	if to, ok := t.to[strings.ToLower(trimmed)]; ok {
		return to
	}
	for _, part := range t.parts {
		before, after, _ := strings.Cut(part.From, "*")
		if most := len(trimmed) - len(after); most > len(before) && strings.EqualFold(trimmed[:len(before)], before) && strings.EqualFold(trimmed[most:], after) {
			return strings.Replace(part.To, "*", strings.TrimSpace(trimmed[len(before):most]), 1)
		}
	}
	return text
}

// group is one warehouse of a wide file, with its columns.
type group struct {
	warehouse string
	Qty       int // the column of its quantity; -1: none
}

// wideMatch returns the rule with a * that matches a header, and the warehouse in the
// header.
func (c *Mapping) wideMatch(name string) (rule Rule, warehouse string, ok bool) {
	for _, r := range c.options.Map {
		if !r.anyWarehouse() {
			continue
		}
		before, after, _ := strings.Cut(r.Header, "*")
		rest, fits := intake.CutFold(name, before, after)
		if !fits {
			continue
		}
		rest = c.translated(fieldWarehouse, rest)
		if spaced := strings.ReplaceAll(rest, "_", " "); rest != spaced && c.isWarehouse != nil && !c.isWarehouse(rest) {
			rest = spaced
		}
		if rest != "" && c.isWarehouse != nil && c.isWarehouse(rest) {
			return r, rest, true
		}
	}
	return Rule{}, "", false
}

// rule returns the rule for a header. The user's rules take precedence over those of a
// layout.
func (c *Mapping) rule(name string) (Rule, bool) {
	folded := intake.Fold(name)
	i := slices.IndexFunc(c.options.Map, func(r Rule) bool { return !r.anyWarehouse() && intake.Fold(r.Header) == folded })
	if i < 0 {
		return Rule{}, false
	}
	return c.options.Map[i], true
}

// inGroup returns the number of a warehouse's group, from 1. It adds the group if it is
// new.
func (c *Mapping) inGroup(warehouse string) int {
	for i, g := range c.Groups {
		if strings.EqualFold(g.warehouse, warehouse) {
			return i + 1
		}
	}
	c.Groups = append(c.Groups, group{warehouse, -1})
	return len(c.Groups)
}

// About reports whether a column belongs to a write. In a wide row, the columns of other
// warehouses do not.
func (c *Mapping) About(column, cell int) bool {
	return cell == 0 || column >= len(c.cell) || c.cell[column] == 0 || c.cell[column] == cell
}

// translated applies --value to a value of a field.
func (c *Mapping) translated(field, text string) string {
	at := c.index(field)
	for _, t := range c.values {
		if t.field == at {
			return t.translate(text)
		}
	}
	return text
}
