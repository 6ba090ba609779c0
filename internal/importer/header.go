package importer

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
)

// header maps the columns, or returns why the table cannot be read.
func (p *Plan) header(parser *parser) error {
	reader, c := parser.reader, parser.columns
	names, growing := reader.Header(), p.Verdict.Format == intake.JSON || p.Verdict.Format == intake.JSONL
	if growing {
		names = p.Verdict.Header
	}
	wrong := &mistakes{source: p.source.name}
	problems := c.take(names, func(i int) string { return reader.HeaderPos(i).String() })
	if parser.failed != nil {
		return parser.failed
	}
	var missing []string
	if !growing {
		missing = c.missing()
	}
	if len(missing) > 0 || len(c.unknown) > 1 {
		// One sentence for what may be a whole file of foreign columns.
		problems = slices.DeleteFunc(problems, func(one failure.Problem) bool {
			return slices.ContainsFunc(c.unknown, func(i int) bool { return names[i] == one.Field })
		})
		problems = append(problems, failure.Problem{Where: reader.HeaderPos(0).String(), What: p.foreign(c, missing)})
	}
	for _, one := range append(problems, c.unmapped()...) {
		one.Where = cmp.Or(one.Where, p.source.name)
		wrong.add(0, one)
	}
	err := wrong.err()
	if err == nil {
		return nil
	}
	return p.firstTry(err, c, missing)
}

// foreign says in one sentence what a table lacks and what is not known of it.
func (p *Plan) foreign(c *columns, missing []string) string {
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

// firstTry adds what to type to a header that was not understood.
func (p *Plan) firstTry(err error, c *columns, missing []string) error {
	switch {
	case len(missing) == 0 && len(c.unknown) == 0:
		return err
	case len(c.names) == 1 && p.Verdict.Format != intake.JSON && p.Verdict.Format != intake.JSONL && strings.ContainsAny(c.names[0], ",;|\t:~^"):
		return failure.WithHint(err, "the header is one column: say which character is between the cells with --delimiter")
	case len(missing) > 0 && p.headerless(c):
		return failure.WithHint(err, "the first line looks like data: name the columns of a file without a header with --fields, such as --fields %s", Quote(strings.Join(p.guessFields(c), ",")))
	case c.options.Layout != "":
		return failure.WithHint(err, "the file is not in the layout %s: see `stockctl layout show %s`", c.options.Layout, Quote(c.options.Layout))
	}
	return failure.WithHint(err, "try `%s`", p.suggestion(c, missing))
}

// headerless reports whether a first line holds what no header does: numbers.
func (p *Plan) headerless(c *columns) bool {
	return slices.ContainsFunc(c.names, func(name string) bool { return isDigits(strings.Trim(name, "+-., ")) }) && len(c.options.Map) == 0
}

// guessFields is a value of --fields with as many columns as the table has.
func (p *Plan) guessFields(c *columns) []string {
	out := slices.Clone(requiredOf(c.mode))
	out = append([]string{fieldSKUCode, draft.WarehouseID}, out...)
	for len(out) < len(c.names) {
		out = append(out, fieldNone)
	}
	return out[:len(c.names)]
}

// suggestion is a command that goes a step further, with the best guess for each
// field that is missing.
func (p *Plan) suggestion(c *columns, missing []string) string {
	words := append([]string{"stockctl inventory import", Quote(p.options.File)}, p.typed(c)...)
	if c.mode == Count {
		words[0] = "stockctl inventory count"
	}
	left := len(c.unknown)
	for _, field := range missing {
		name, places := guess(c, field)
		if name == "" && strings.HasPrefix(field, draft.WarehouseID) {
			if c.mode == Count {
				words = append(words, "--warehouse WAREHOUSE")
			} else {
				words = append(words, "--fill warehouseId=WAREHOUSE")
			}
			continue
		}
		field, _, _ = strings.Cut(field, " ")
		if name == "" {
			name = "HEADER"
		} else {
			field = places
			left--
		}
		words = append(words, "--map "+Quote(name+"="+field))
	}
	if left > 0 || p.options.IgnoreUnknown {
		words = append(words, "--ignore-unknown")
	}
	return strings.Join(words, " ")
}

// typed is what the user said already of the way to read the file.
func (p *Plan) typed(c *columns) (words []string) {
	o := p.options
	if o.Mode != Create && o.Mode != Count {
		words = append(words, "--mode "+string(o.Mode))
	}
	if o.WarehouseName != "" {
		words = append(words, "--warehouse "+Quote(o.WarehouseName))
	}
	for i, r := range o.Map {
		if field, _, _ := r.parts(); !r.Optional && c.used[i] && (field == fieldNone || takes(c.mode, field)) {
			words = append(words, "--map "+Quote(r.Header+"="+r.Field))
		}
	}
	for _, v := range o.Values {
		words = append(words, "--value "+Quote(v.Field+":"+v.From+"="+v.To))
	}
	for _, field := range slices.Sorted(maps.Keys(o.Fill)) {
		words = append(words, "--fill "+Quote(field+"="+o.Fill[field]))
	}
	if o.Blank != "" {
		words = append(words, "--blank "+o.Blank)
	}
	if o.Table.Sheet != "" {
		words = append(words, "--sheet "+Quote(o.Table.Sheet))
	}
	return words
}

// isHeader reports whether a line names all that is needed: it is asked of each line
// in turn where the header is looked for.
func (p *Plan) isHeader(ctx context.Context) func([]string) bool {
	return func(cells []string) bool {
		parser := newParser(ctx, &p.options, p.names, nil)
		problems := parser.columns.take(cells, func(int) string { return "" })
		return parser.failed == nil && len(parser.columns.missing()) == 0 && len(problems) <= len(parser.columns.unknown)
	}
}
