package importer

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
	"github.com/bayworks/stockctl/internal/ledger"
)

// parser turns rows of text into rows that can be sent. It is used from one
// goroutine, once for each reading of the table.
type parser struct {
	options *Options
	names   *names
	columns *columns
	reader  *intake.Reader

	text  []string     // the current row, by the columns' fields
	from  []int        // the column each came from; -1: none, or --fill
	draft draft.Create // the current row of create, before it is checked
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
func (p *parser) row(ctx context.Context, raw *intake.Row, w *ledger.Write) ([]failure.Problem, error) {
	var problems []failure.Problem
	if header := p.reader.Header(); len(header) > len(p.columns.target) {
		problems = p.columns.take(header, func(i int) string { return p.reader.Pos(raw, i).String() })
	}
	p.spread(raw)
	*w = ledger.Write{N: int64(raw.N), Line: raw.Line}
	var wrong []failure.Problem
	if p.options.Mode == Create {
		wrong = p.create(w, raw)
	} else {
		wrong = p.movement(w)
	}
	unresolved, err := p.resolve(ctx, w)
	if err != nil {
		return nil, err
	}
	wrong = append(wrong, unresolved...)
	slices.SortStableFunc(wrong, func(a, b failure.Problem) int { return cmp.Compare(p.column(a.Field), p.column(b.Field)) })
	for _, one := range wrong {
		one.Where = p.where(raw, one.Field)
		problems = append(problems, one)
	}
	if len(problems) == 0 {
		w.Key = p.key()
		w.Occurrence = p.occurrence(w)
	}
	return problems, nil
}

// create reads a create request through the one that all sources share.
func (p *parser) create(w *ledger.Write, raw *intake.Row) []failure.Problem {
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
	w.Create = d.Request
	problems := d.Problems()
	for i, one := range problems {
		if one.What == "is required" && one.Field == draft.InitialQty {
			problems[i].What = "is blank: write 0 for none"
		}
	}
	return problems
}

// movement reads a row of adjust or set.
func (p *parser) movement(w *ledger.Write) []failure.Problem {
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
		w.Want = want
		return join(problems, bad)
	}
	qty, bad := p.quantity(fieldQty)
	w.Change = api.Adjustment{
		Qty: qty, Action: strings.ToUpper(p.get(fieldAction)), Reference: p.get(fieldReference), Notes: p.get(fieldNotes),
	}
	problems = join(problems, bad)
	if bad == nil {
		problems = join(problems, w.Change.Signed(p.options.Sign))
	}
	check := w.Change
	check.Reference, check.Notes = carried("sc1-aaaaaa-aaaaaaaaaaaa", w.Change)
	for _, one := range check.Validate() {
		if bad != nil && one.Field == fieldQty {
			continue
		}
		if one.Field == fieldNotes && len(w.Change.Notes) < len(check.Notes) {
			one.Value, one.What = w.Change.Notes, one.What+" with the token that goes in front: shorten it by "+strconv.Itoa(len(check.Notes)-len(w.Change.Notes))
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
