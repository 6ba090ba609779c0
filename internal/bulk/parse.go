package bulk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
)

// parser turns rows of text into rows that can be sent. It is used from one
// goroutine, once for each reading of the table.
type parser struct {
	options *Options
	names   *names
	columns *columns
	reader  *intake.Reader
	trusted bool // the current row was checked before: its rules are not asked again

	text  []string     // the current row, by the columns' fields
	from  []int        // the column each came from; -1: none, or --fill
	draft draft.Create // the current row of create, before it is checked
	spare *Row         // what every row is read into; nil: a new one each, that may be kept
	visit visit        // the current row, as it is handed out
}

func newParser(o *Options, n *names, r *intake.Reader) *parser {
	c := newColumns(o)
	return &parser{
		options: o, names: n, columns: c, reader: r,
		text: make([]string, len(c.fields)), from: make([]int, len(c.fields)),
	}
}

// header maps the columns, and returns what keeps the table from being read.
func (p *parser) header(v intake.Verdict) []failure.Problem {
	names := p.reader.Header()
	growing := v.Format == intake.JSON || v.Format == intake.JSONL
	if growing {
		names = v.Header
	}
	problems := p.columns.take(names, func(int) string { return "" })
	if !growing {
		problems = append(problems, p.columns.missing()...)
	}
	return append(problems, p.columns.unmapped(names)...)
}

// row reads one row. Problems have their places; a row with problems is not to
// be sent. The error is one that ends the reading: names could not be read.
func (p *parser) row(ctx context.Context, raw *intake.Row) (*Row, []failure.Problem, error) {
	var problems []failure.Problem
	if header := p.reader.Header(); len(header) > len(p.columns.target) {
		problems = p.columns.take(header, func(i int) string { return p.reader.Pos(raw, i).String() })
	}
	p.spread(raw)
	row := p.spare
	if row == nil {
		row = new(Row)
	}
	*row = Row{N: int64(raw.N), Line: raw.Line}
	var wrong []failure.Problem
	if p.options.Mode == Create {
		wrong = p.create(row, raw)
	} else {
		wrong = p.movement(row)
	}
	unresolved, err := p.resolve(ctx, row)
	if err != nil {
		return row, nil, err
	}
	wrong = append(wrong, unresolved...)
	slices.SortStableFunc(wrong, func(a, b failure.Problem) int { return cmp.Compare(p.column(a.Field), p.column(b.Field)) })
	for _, one := range wrong {
		one.Where = p.where(raw, one.Field)
		problems = append(problems, one)
	}
	if len(problems) == 0 {
		row.Key = p.key()
	}
	return row, problems, nil
}

// create reads a create request through the one that all sources share.
func (p *parser) create(row *Row, raw *intake.Row) []failure.Problem {
	d := &p.draft
	*d = draft.Create{}
	for i, field := range p.columns.fields {
		if text := p.text[i]; text != "" {
			d.Set(field, text, "")
		}
	}
	for column, dim := range p.columns.dims {
		if column < len(raw.Cells) && raw.Cells[column] != "" {
			d.AddAttribute(dim+"="+raw.Cells[column], "")
		}
	}
	if code := p.get(fieldSKUCode); code != "" && d.Request.SKUID != "" {
		return []failure.Problem{{Field: fieldSKUCode, Value: code, What: "and skuId name the SKU twice: leave one of them blank"}}
	}
	row.Create = d.Request
	if p.trusted {
		return nil
	}
	problems := d.Problems()
	for i, one := range problems {
		if one.What == "is required" && one.Field == draft.InitialQty {
			problems[i].What = "is blank: write 0 for none"
		}
	}
	return problems
}

// movement reads a row of adjust or set.
func (p *parser) movement(row *Row) []failure.Problem {
	problems := p.address()
	if p.options.Mode == Set {
		want, bad := p.quantity(fieldOnHand)
		if bad == nil {
			// The rules for a quantity of stock are those of a create.
			for _, one := range (api.CreateRecord{ProductID: "x", WarehouseID: "x", InitialQty: &want}).Validate() {
				one.Field = fieldOnHand
				bad = &one
			}
		}
		row.Want = want
		return join(problems, bad)
	}
	qty, bad := p.quantity(fieldQty)
	row.Change = api.Adjustment{
		Qty: qty, Action: strings.ToUpper(p.get(fieldAction)), Reference: p.get(fieldReference), Notes: p.get(fieldNotes),
	}
	problems = join(problems, bad)
	if p.trusted {
		return problems
	}
	check := row.Change
	check.Reference, check.Notes = carried("sc1-aaaaaa-aaaaaaaaaaaa", row.Change)
	for _, one := range check.Validate() {
		if bad != nil && one.Field == fieldQty {
			continue
		}
		if one.Field == fieldNotes && len(row.Change.Notes) < len(check.Notes) {
			one.Value, one.What = row.Change.Notes, one.What+" with the token that goes in front: shorten it by "+strconv.Itoa(len(check.Notes)-len(row.Change.Notes))
		}
		problems = append(problems, one)
	}
	return problems
}

func join(list []failure.Problem, one *failure.Problem) []failure.Problem {
	if one != nil {
		list = append(list, *one)
	}
	return list
}

// quantity reads a whole number that must be there.
func (p *parser) quantity(field string) (int64, *failure.Problem) {
	text := p.get(field)
	n, err := api.ParseQuantity(text)
	if text == "" {
		return 0, &failure.Problem{Field: field, What: "is required"}
	}
	if err != nil {
		return 0, &failure.Problem{Field: field, Value: text, What: err.Error()}
	}
	return n, nil
}

// remarks are what is passed over without being an error.
func (c *columns) remarks() []string {
	var out []string
	for _, group := range []struct {
		what  string
		names []string
	}{{"not taken in --mode " + string(c.mode), c.passed}, {"unknown", c.ignored}} {
		if len(group.names) > 0 {
			out = append(out, fmt.Sprintf("passed over, %s: %s", group.what, strings.Join(slices.Clone(group.names), ", ")))
		}
	}
	return out
}
