package columns

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/stock"
)

// Header maps the columns. wrong says why the table cannot be read, and hint what to type
// instead. err is a failure to look up names.
func (p *Parser) Header(name string, v intake.Dialect) (wrong []failure.Problem, hint string, err error) {
	reader, c := p.reader, p.Mapping
	header, growing := reader.Header(), v.Format == intake.JSON || v.Format == intake.JSONL
	if growing {
		header = v.Header
	}
	wrong = c.MapHeader(header, func(i int) string { return reader.HeaderPos(i).String() })
	if p.Failed != nil {
		return nil, "", p.Failed
	}
	var missing []string
	if !growing {
		missing = c.missing()
	}
	lacks := missing
	if c.ambiguous { // the column is reported already
		lacks = slices.DeleteFunc(slices.Clone(missing), func(field string) bool { return field == stock.InitialQty })
	}
	if len(lacks) > 0 || len(c.unknown) > 1 {
		// One sentence is enough: the file may be from a different system.
		wrong = slices.DeleteFunc(wrong, func(one failure.Problem) bool {
			return slices.ContainsFunc(c.unknown, func(i int) bool { return header[i] == one.Field })
		})
		wrong = append(wrong, failure.Problem{Where: reader.HeaderPos(0).String(), What: c.foreign(lacks)})
	}
	wrong = append(wrong, c.unusedRules()...)
	for i := range wrong {
		wrong[i].Where = cmp.Or(wrong[i].Where, name)
	}
	return wrong, c.firstTry(missing, growing), nil
}

// foreign lists the missing and unknown columns in one sentence.
func (c *Mapping) foreign(missing []string) string {
	var parts []string
	if len(missing) > 0 {
		parts = append(parts, "no column for "+failure.AllOf(missing))
	}
	if len(c.unknown) > 0 {
		var unknown []string
		for _, i := range c.unknown {
			unknown = append(unknown, fmt.Sprintf("%q", c.names[i]))
		}
		parts = append(parts, fmt.Sprintf("unknown for %s: %s", named(c.mode), strings.Join(unknown, ", ")))
	}
	return strings.Join(parts, "; ")
}

// firstTry returns the hint for a header that is not understood; "" if it is.
func (c *Mapping) firstTry(missing []string, growing bool) string {
	if len(missing) == 0 && len(c.unknown) == 0 {
		return ""
	}
	if advice := c.advice(missing, growing); advice != "" {
		return advice
	}
	try := fmt.Sprintf("try `%s`", c.suggestion(missing))
	for _, name := range c.names {
		rule := Rule{Header: name, Field: fieldWarehouse}.flag()
		if (name == c.place() || slices.Contains(synonyms(stock.Location), plainWord(name))) && strings.Contains(try, rule+" ") {
			return try + fmt.Sprintf("; if %q is the shelf, write --fill warehouseId=WAREHOUSE instead of %s", name, rule)
		}
	}
	return try
}

// advice returns what to do if mapping the columns would not help; "" if it would.
func (c *Mapping) advice(missing []string, growing bool) string {
	switch {
	case len(c.names) == 1 && !growing && strings.ContainsAny(c.names[0], ",;|\t:~^"):
		return "the header is one column: say which character is between the cells with --delimiter"
	case growing && !slices.ContainsFunc(c.target, func(place int) bool { return place >= 0 }):
		return fmt.Sprintf("if the rows are in a list within %q, give that list: `jq %s %s > rows.json`",
			c.names[0], failure.Arg("."+strconv.Quote(c.names[0])), failure.Arg(c.options.File))
	case len(missing) > 0 && c.otherWay() != "":
		return c.otherWay()
	case len(missing) > 0 && c.headerless():
		return "the first line looks like data: name the columns of a file without a header with --fields, such as `" + c.withFields() + "`"
	case c.options.Layout != "":
		return fmt.Sprintf("the file is not in the layout %s: see `stockctl layout show %s`", c.options.Layout, failure.Arg(c.options.Layout))
	}
	return ""
}

// otherWay returns the command for a table with the quantity of another command or mode.
func (c *Mapping) otherWay() string {
	has := func(field string) bool {
		return slices.ContainsFunc(c.names, func(name string) bool { return intake.Fold(name) == intake.Fold(field) })
	}
	switch {
	case c.mode != Count && has(fieldCounted):
		return "this is a count: `stockctl inventory count " + failure.Arg(c.options.File) + "`"
	case c.mode == Count && has(fieldBaseline) && has(fieldOnHand) && !has(fieldCounted):
		return "this sheet sets stock: `stockctl inventory import " + failure.Arg(c.options.File) + " --mode set`"
	case c.mode == Create && c.options.Guessed && has(fieldOnHand) && !has(stock.InitialQty):
		return "to set what is on hand, add --mode set"
	}
	return ""
}

// headerless reports whether the first line has numbers, unlike any header.
func (c *Mapping) headerless() bool {
	return slices.ContainsFunc(c.names, func(name string) bool { return isDigits(strings.Trim(name, "+-., ")) }) && len(c.options.Map) == 0
}

// withFields returns a command with a --fields value that has as many columns as the
// table: the code, the warehouse if there is room for it, and the first number as the
// quantity.
func (c *Mapping) withFields() string {
	required := requiredOf(c.mode)
	fields := slices.Repeat([]string{fieldNone}, len(c.names))
	number := slices.IndexFunc(c.names, func(name string) bool { return isDigits(strings.Trim(name, "+-., ")) && len(name) < 8 })
	if number > 0 {
		fields[number] = quantityOf(c.mode)
		required = slices.DeleteFunc(required, func(field string) bool { return field == fields[number] })
	}
	if c.mode != Move && c.options.WarehouseName == "" && c.options.Fill[fieldWarehouse] == "" {
		required = append([]string{fieldWarehouse}, required...)
	}
	o := *c.options
	var more []string
	for _, field := range append([]string{fieldSKUCode}, required...) {
		at := slices.Index(fields, fieldNone)
		switch {
		case at >= 0:
			fields[at] = field
		case field == fieldWarehouse && c.mode == Count:
			more = append(more, "--warehouse WAREHOUSE")
		case field == fieldWarehouse:
			more = append(more, "--fill warehouseId=WAREHOUSE")
		}
	}
	return o.line(append([]string{"--fields " + failure.Arg(strings.Join(fields, ","))}, more...))
}

// IsHeader returns a function that reports whether a line has all required columns. It is
// called for each line in turn to find the header.
func IsHeader(ctx context.Context, o *Reading, n *Names) func([]string) bool {
	modes := []Mode{o.Mode}
	if o.Mode == "" {
		modes = []Mode{Create, Set}
	}
	return func(cells []string) bool {
		return slices.ContainsFunc(modes, func(m Mode) bool {
			as := *o
			as.Mode = m
			p := NewParser(ctx, &as, n, nil)
			problems := p.Mapping.MapHeader(cells, func(int) string { return "" })
			return p.Failed == nil && len(p.Mapping.missing()) == 0 && len(problems) <= len(p.Mapping.unknown)
		})
	}
}
