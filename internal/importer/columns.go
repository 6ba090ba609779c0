package importer

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
)

// columns tells which field each column of a table is. It grows with the table:
// objects of JSON may bring new keys at any row.
type columns struct {
	mode    Mode
	options *Options
	fields  []string       // of the mode, "sku" and "_n" added
	target  []int          // column → place in fields, or one of the marks below
	dims    map[int]string // column → the dimension of variantAttributes.NAME
	passed  []string       // record fields that the mode does not take
	ignored []string       // unknown columns that --ignore-unknown passes over
}

const passOver = -1

func newColumns(o *Options) *columns {
	return &columns{
		mode: o.Mode, options: o, dims: map[int]string{},
		fields: append(fieldsOf(o.Mode), fieldSKUCode, fieldOccurrence),
	}
}

// index is the place of a field in fields, -1 when the mode has no such field.
// They are few: to look is quicker than to hash.
func (c *columns) index(field string) int { return slices.Index(c.fields, field) }

// take maps the columns that are new. Problems are those of new columns.
func (c *columns) take(header []string, where func(column int) string) []failure.Problem {
	var problems []failure.Problem
	for i := len(c.target); i < len(header); i++ {
		place, problem := c.place(i, header[i])
		if place >= 0 {
			if other := slices.Index(c.target, place); other >= 0 {
				problem = &failure.Problem{Field: header[i], What: fmt.Sprintf("stands for %s, and so does the column %q", c.fields[place], header[other])}
				place = passOver
			}
		}
		c.target = append(c.target, place)
		if problem != nil {
			problem.Where = where(i)
			problems = append(problems, *problem)
		}
	}
	return problems
}

// place finds the field of one column: as --map says, by its exact name, or by
// its name in another spelling.
func (c *columns) place(column int, name string) (int, *failure.Problem) {
	name = strings.TrimSpace(name)
	if field, ok := c.options.Map[name]; ok {
		name = field
	}
	if i := c.index(name); i >= 0 {
		return i, nil
	}
	if name == "" || strings.HasPrefix(name, "_") {
		return passOver, nil
	}
	if dim, ok := strings.CutPrefix(name, draft.VariantAttributes+"."); ok && c.mode == Create {
		c.dims[column] = dim
		return passOver, nil
	}
	for i, f := range c.fields {
		if intake.Fold(f) == intake.Fold(name) && f != fieldOccurrence {
			return i, nil
		}
	}
	if c.mode == Create && slices.Contains([]string{"quantity", "qty"}, intake.Fold(name)) {
		return passOver, &failure.Problem{Field: name, What: "may mean two things: for the quantity of a new record name it initialQty, to add to or take from stock use --mode adjust and name it qty"}
	}
	for _, f := range recordFields() {
		if intake.Fold(f) == intake.Fold(name) {
			c.passed = append(c.passed, name)
			return passOver, nil
		}
	}
	if c.options.IgnoreUnknown {
		c.ignored = append(c.ignored, name)
		return passOver, nil
	}
	return passOver, &failure.Problem{Field: name, What: unknownField(c.mode, name)}
}

// unknownField says that a mode has no such field, and which may be meant.
func unknownField(m Mode, name string) string {
	fields := append(fieldsOf(m), fieldSKUCode)
	if near := failure.Nearest(name, fields); len(near) > 0 {
		return fmt.Sprintf("%q is no field of --mode %s: did you mean %s?", name, m, near[0])
	}
	return fmt.Sprintf("%q is no field of --mode %s: the fields are %s (--map %s=FIELD, --ignore-unknown)", name, m, strings.Join(fields, ", "), name)
}

// has tells whether a column, or --fill, brings a field.
func (c *columns) has(field string) bool {
	_, filled := c.options.Fill[field]
	return filled || slices.Contains(c.target, c.index(field))
}

// missing says what a table lacks that names its columns once for all.
func (c *columns) missing() []failure.Problem {
	var out []failure.Problem
	say := func(field string) {
		out = append(out, failure.Problem{Field: field, What: "no column has it: it is required (--map HEADER=" + field + ", --fill " + field + "=VALUE)"})
	}
	address := c.has(draft.ProductID) || c.has(draft.WarehouseID)
	switch {
	case c.mode == Create:
	case c.has(fieldRecord) && address:
		out = append(out, failure.Problem{Field: fieldRecord, What: "a file names its records in one way: by inventoryId, or by productId, skuId and warehouseId"})
	case !c.has(fieldRecord) && !address:
		say(fieldRecord)
	case address:
		for _, f := range []string{draft.ProductID, draft.WarehouseID} {
			if !c.has(f) {
				say(f)
			}
		}
	}
	for _, f := range requiredOf(c.mode) {
		if !c.has(f) {
			say(f)
		}
	}
	return out
}

// unmapped lists headers that --map names and the table does not have.
func (c *columns) unmapped(header []string) []failure.Problem {
	var out []failure.Problem
	for _, name := range slices.Sorted(maps.Keys(c.options.Map)) {
		found := slices.ContainsFunc(header, func(h string) bool { return strings.TrimSpace(h) == name })
		switch field := c.options.Map[name]; {
		case !found:
			out = append(out, failure.Problem{Where: "--map", Field: name, What: "the file has no such column"})
		case c.index(field) < 0:
			out = append(out, failure.Problem{Where: "--map", Field: name, What: unknownField(c.mode, field)})
		}
	}
	return out
}
