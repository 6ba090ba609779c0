package columns

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/stock"
)

// Mapping maps the columns of a table to fields. It grows with the table, because
// JSON objects may bring new keys in any row.
type Mapping struct {
	mode    Mode
	options *Reading
	fields  []string // of the mode, and "_n"
	values  []translations
	// isWarehouse reports whether a text names a warehouse; nil if names are not
	// looked up.
	isWarehouse func(text string) bool

	target  []int // column → place in fields, or unmapped
	cell    []int // column → its group from 1, 0 for a column of the entire row
	names   []string
	Groups  []group
	dims    map[int]string // column → the dimension of variantAttributes.NAME
	used    []bool         // which rules matched a column
	passed  []string       // record fields that the mode does not have
	ignored []string       // unknown columns that are ignored
	unknown []int          // unknown columns that are not
	unnamed []int          // columns with a blank name
	free    []int          // unmapped columns, which watch examines
	// ambiguous is true if a column may be initialQty, or qty of another mode.
	ambiguous bool
	sheet     int // the column onHand of one of our own sheets; -1: none
}

const unmapped = -1

func newMapping(o *Reading) *Mapping {
	c := &Mapping{mode: o.Mode, options: o, dims: map[int]string{}, fields: append(Fields(o.Mode), FieldOccurrence), used: make([]bool, len(o.Map)), sheet: -1}
	for _, v := range o.Values {
		field := v.Field
		if field == fieldQuantity {
			field = quantityOf(o.Mode)
		}
		at := c.index(field)
		if at < 0 {
			continue
		}
		i := slices.IndexFunc(c.values, func(t translations) bool { return t.field == at })
		if i < 0 {
			i = len(c.values)
			c.values = append(c.values, translations{field: at, to: map[string]string{}})
		}
		if strings.Count(v.From, "*") == 1 {
			c.values[i].parts = append(c.values[i].parts, v)
		}
		// The user's rules come first and win over those of a layout.
		if from := strings.ToLower(v.From); !hasKey(c.values[i].to, from) {
			c.values[i].to[from] = v.To
		}
	}
	return c
}

func hasKey(m map[string]string, key string) bool {
	_, ok := m[key]
	return ok
}

// index returns the place of a field in fields, -1 if the mode has no such field.
// There are so few that a search is faster than a map.
func (c *Mapping) index(field string) int { return slices.Index(c.fields, field) }

// MapHeader maps the new columns, and returns the problems with them.
func (c *Mapping) MapHeader(header []string, where func(column int) string) []failure.Problem {
	var problems []failure.Problem
	for i := len(c.target); i < len(header); i++ {
		name := strings.TrimSpace(header[i])
		c.names = append(c.names, name)
		found, problem := c.mapColumn(i, name)
		if found.place >= 0 {
			other := c.taken(found)
			switch {
			case other >= 0 && found.optional: // another name for it in a layout
				found = nowhere()
			case other >= 0:
				problem = &failure.Problem{Field: header[i], What: fmt.Sprintf("this column and %q both map to %s", header[other], c.fields[found.place])}
				found = nowhere()
			case found.group > 0 && c.fields[found.place] == quantityOf(c.mode):
				c.Groups[found.group-1].Qty = i
			}
		}
		c.target, c.cell = append(c.target, found.place), append(c.cell, found.group)
		if problem != nil {
			problem.Where = where(i)
			problems = append(problems, *problem)
		}
	}
	return problems
}

// found is the result of mapping one column.
type found struct {
	place    int // in fields
	group    int
	optional bool
}

// nowhere is the result for a column that is not mapped to a field.
func nowhere() found { return found{place: unmapped} }

// taken returns the column that is already mapped to the same place, or -1.
func (c *Mapping) taken(f found) int {
	for i, place := range c.target {
		if place == f.place && c.cell[i] == f.group {
			return i
		}
	}
	return -1
}

// mapColumn maps one column by --map, by its exact name, or by a different spelling of
// its name.
func (c *Mapping) mapColumn(column int, name string) (found, *failure.Problem) {
	if name == "" {
		c.unnamed = append(c.unnamed, column)
		c.free = append(c.free, column)
		return nowhere(), nil
	}
	if r, ok := c.rule(name); ok {
		return c.byRule(column, r, "")
	}
	if r, warehouse, ok := c.wideMatch(name); ok {
		return c.byRule(column, r, warehouse)
	}
	if name == FieldOccurrence {
		return found{place: c.index(name)}, nil
	}
	if strings.HasPrefix(name, "_") {
		return nowhere(), nil
	}
	if c.options.Only {
		c.free = append(c.free, column)
		return nowhere(), nil
	}
	return c.byName(column, name)
}

// byRule maps a column by --map or a layout.
func (c *Mapping) byRule(column int, r Rule, warehouse string) (found, *failure.Problem) {
	c.used[slices.Index(c.options.Map, r)] = true
	field, fixed, wide := r.parts()
	if field == fieldQuantity {
		field = quantityOf(c.mode)
	}
	if dim, ok := strings.CutPrefix(field, stock.VariantAttributes+"."); ok && c.mode == Create {
		c.dims[column] = dim
		return nowhere(), nil
	}
	i := c.index(field)
	if i < 0 { // _, a field of another mode in a layout, or a mistake that unusedRules reports
		return nowhere(), nil
	}
	out := found{place: i, optional: r.Optional}
	if wide {
		if warehouse == "" {
			warehouse = fixed
		}
		out.group = c.inGroup(warehouse)
	}
	return out, nil
}

// byName maps a column with the name of a field.
func (c *Mapping) byName(column int, name string) (found, *failure.Problem) {
	for i, f := range c.fields {
		if f == name {
			return c.automatic(column, i), nil
		}
	}
	if dim, ok := strings.CutPrefix(name, stock.VariantAttributes+"."); ok && c.mode == Create {
		c.dims[column] = dim
		return nowhere(), nil
	}
	folded := intake.Fold(name)
	for i, f := range c.fields {
		if intake.Fold(f) == folded && f != FieldOccurrence {
			return c.automatic(column, i), nil
		}
	}
	if c.mode == Create && (folded == "quantity" || folded == "qty") {
		c.ambiguous = true
		adjust := "with --mode adjust"
		if c.options.Command != "" { // the command has no modes
			adjust = "with `stockctl inventory import " + failure.Arg(c.options.File) + " --mode adjust`"
		}
		return nowhere(), &failure.Problem{Field: name, What: "may mean two things: the quantity of a new record (initialQty), or what to add to or take from stock (qty, " + adjust + ")"}
	}
	c.free = append(c.free, column)
	for _, f := range recordFields() {
		if intake.Fold(f) == folded {
			c.passed = append(c.passed, name)
			return nowhere(), nil
		}
	}
	if slices.Contains(nameFields(), name) {
		if name == sheetOnHand {
			c.sheet = column
		}
		c.passed = append(c.passed, name)
		return nowhere(), nil
	}
	if c.options.IgnoreUnknown {
		c.ignored = append(c.ignored, name)
		return nowhere(), nil
	}
	c.unknown = append(c.unknown, column)
	return nowhere(), &failure.Problem{Field: name, What: unknownField(c.mode, name)}
}

// automatic maps a column that has the name of a field. A location may be a warehouse.
func (c *Mapping) automatic(column, place int) found {
	if c.fields[place] == stock.Location {
		c.free = append(c.free, column)
	}
	return found{place: place}
}

// unknownField returns the message for a field that a mode does not have, with
// suggestions.
func unknownField(m Mode, name string) string {
	fields := Fields(m)
	if near := failure.Nearest(name, fields); len(near) > 0 {
		return fmt.Sprintf("unknown column %q for %s: did you mean %s?", name, named(m), near[0])
	}
	return fmt.Sprintf("unknown column %q for %s: the fields are %s (--map %s, --ignore-unknown)", name, named(m), strings.Join(fields, ", "), failure.Arg(name+"=FIELD"))
}

// Has reports whether a column or --fill provides a field.
func (c *Mapping) Has(field string) bool {
	_, filled := c.options.Fill[field]
	i := c.index(field)
	return filled || i >= 0 && slices.Contains(c.target, i) || field == fieldWarehouse && len(c.Groups) > 0
}

// missing lists the required fields that a table with a header lacks, each with its
// alternatives.
func (c *Mapping) missing() (out []string) {
	byRecord := c.mode != Create && c.Has(FieldRecord)
	if !byRecord {
		if !slices.ContainsFunc(itemFields(), func(f string) bool { return f != stock.SKUID && c.Has(f) }) {
			out = append(out, "productId (or sku, barcode, productName)")
		}
		if !c.Has(fieldWarehouse) && c.options.Warehouse == "" && c.mode != Move {
			if c.mode == Count {
				out = append(out, fieldWarehouse+" (or --warehouse)")
			} else {
				out = append(out, fieldWarehouse)
			}
		}
	}
	for _, f := range requiredOf(c.mode) {
		if !c.Has(f) {
			out = append(out, f)
		}
	}
	return out
}

// unusedRules lists the rules of --map with an unknown field, or a header that the
// table does not have.
func (c *Mapping) unusedRules() []failure.Problem {
	var out []failure.Problem
	for i, r := range c.options.Map {
		field, _, _ := r.parts()
		known := field == fieldNone || takes(c.mode, field) || c.mode == Create && strings.HasPrefix(field, stock.VariantAttributes+".")
		switch {
		case r.Optional:
		case !known:
			out = append(out, failure.Problem{Where: "--map", Field: r.Header, What: unknownField(c.mode, field)})
		case c.used[i]:
		case r.anyWarehouse():
			out = append(out, failure.Problem{Where: "--map", Field: r.Header, What: "no column matches with a warehouse in place of * (--value 'warehouseId:TEXT=WAREHOUSE' translates its name)"})
		case strings.Contains(r.Header, "*"):
			out = append(out, failure.Problem{Where: "--map", Field: r.Header, What: "the file has no such column (a * matches a warehouse only with FIELD@*)"})
		default:
			out = append(out, failure.Problem{Where: "--map", Field: r.Header, What: "the file has no such column"})
		}
	}
	return out
}

// Remarks lists what is ignored without an error.
func (c *Mapping) Remarks() []string {
	var out []string
	for _, group := range []struct {
		what  string
		names []string
	}{{"columns not used in " + named(c.mode), c.passed}, {"unknown columns", c.ignored}} {
		if len(group.names) > 0 {
			out = append(out, fmt.Sprintf("%s, ignored: %s", group.what, strings.Join(slices.Clone(group.names), ", ")))
		}
	}
	return out
}
