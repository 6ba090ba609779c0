package columns

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// Parser turns rows of text into writes. It is for one pass over a table, on one
// goroutine.
type Parser struct {
	options *Reading
	names   *Names
	Mapping *Mapping
	reader  *intake.Reader

	at      places
	text    []string     // the current row by field, and a final blank
	from    []int        // the column of each; -1: none, or --fill
	draft   draft.Create // the current create row, before it is checked
	trimmed int64        // texts with spaces around them
	weaker  stock.Key    // the other names of the record in the current row
	suspects
}

// NewParser returns the parser for one pass over a table. r may be nil if only the header
// is read.
func NewParser(ctx context.Context, o *Reading, n *Names, r *intake.Reader) *Parser {
	c := newMapping(o)
	p := &Parser{
		options: o, names: n, Mapping: c, reader: r,
		at: placesIn(c), text: make([]string, len(c.fields)+1), from: make([]int, len(c.fields)),
	}
	c.isWarehouse = p.isWarehouse(ctx)
	return p
}

// isWarehouse looks up a warehouse, and keeps the first failure.
func (p *Parser) isWarehouse(ctx context.Context) func(string) bool {
	return func(text string) bool {
		is, err := p.names.isWarehouse(ctx, text)
		p.Failed = cmp.Or(p.Failed, err)
		return is
	}
}

// Remarks lists what was changed without an error.
func (p *Parser) Remarks() []string {
	if p.trimmed == 0 {
		return nil
	}
	return []string{"removed the spaces around " + failure.Count(p.trimmed, "location or reference", "locations or references")}
}

// Begin maps the columns that are new in a row. It returns their problems with their
// positions.
func (p *Parser) Begin(raw *intake.Row) (problems []failure.Problem) {
	if header := p.reader.Header(); len(header) > len(p.Mapping.target) {
		problems = p.Mapping.MapHeader(header, func(i int) string { return p.reader.Pos(raw, i).String() })
	}
	return append(problems, p.watch(raw)...)
}

// Cells returns the number of writes in a row. A row of a wide file may have several.
func (p *Parser) Cells() (first, last int) {
	if n := len(p.Mapping.Groups); n > 0 {
		return 1, n
	}
	return 0, 0
}

// Row parses one row, or one cell of a wide row. Problems have their positions. A row
// with problems must not be sent. An error means that names could not be looked up, and
// ends the reading.
func (p *Parser) Row(ctx context.Context, raw *intake.Row, cell int, w *ledger.Write) ([]failure.Problem, error) {
	p.Spread(raw, cell)
	*w = ledger.Write{Line: raw.Line, Cell: cell}
	wrong, err := p.read(ctx, raw, w)
	if err == nil {
		err = p.Failed
	}
	if err != nil || w.Decided != nil {
		return nil, err
	}
	slices.SortStableFunc(wrong, func(a, b failure.Problem) int { return cmp.Compare(p.column(a.Field), p.column(b.Field)) })
	for i, one := range wrong {
		wrong[i].Where = p.Where(raw, one.Field)
	}
	if len(wrong) == 0 {
		p.identify(w)
		w.Occurrence = p.occurrence(w)
	}
	return wrong, nil
}

// read resolves the names in a row and parses its values.
func (p *Parser) read(ctx context.Context, raw *intake.Row, w *ledger.Write) ([]failure.Problem, error) {
	quantity := quantityOf(p.options.Mode)
	blank := strings.TrimSpace(p.text[p.at.quantity]) == ""
	var place *failure.Problem
	var err error
	if p.options.Warehouse != "" {
		if place, err = p.elsewhere(ctx, w); err != nil || w.Decided != nil {
			return nil, err
		}
	}
	if blank && p.blankSkips() {
		if edited := p.overwritten(raw); edited != nil {
			return []failure.Problem{*edited}, nil
		}
		w.Decided = &ledger.Outcome{State: journal.Skipped, Code: failure.CodeBlank, Message: "its " + quantity + " is blank"}
		return nil, nil
	}
	var wrong []failure.Problem
	if p.byRecord() {
		if err := p.alsoNamed(ctx); err != nil {
			return nil, err
		}
	} else {
		if wrong, err = p.item(ctx); err != nil {
			return nil, err
		}
		if p.options.Warehouse == "" && p.options.Mode != Move {
			if place, err = p.warehouse(ctx); err != nil {
				return nil, err
			}
		}
		wrong = join(wrong, place)
	}
	named := len(wrong) > 0
	switch p.options.Mode {
	case Create:
		wrong = append(wrong, p.create(w, raw, named)...)
	case Move:
		bad, err := p.move(ctx, w)
		if err != nil {
			return nil, err
		}
		wrong = append(wrong, bad...)
	default:
		wrong = append(wrong, p.movement(w)...)
	}
	if blank {
		wrong = slices.DeleteFunc(wrong, func(one failure.Problem) bool { return one.Field == quantity })
		wrong = append(wrong, failure.Problem{Field: quantity, What: "is blank (--blank skip ignores such rows)"})
	}
	return wrong, nil
}

// blankSkips reports whether a row with a blank quantity is skipped. A sheet with the
// quantities on hand may be only partly filled in.
func (p *Parser) blankSkips() bool {
	if p.options.Blank == "" {
		return p.Mapping.Has(fieldBaseline) || p.Mapping.sheet >= 0
	}
	return p.options.Blank == BlankSkip
}

// overwritten reports a quantity on hand in a sheet that was edited, instead of entering
// the new quantity in its column.
func (p *Parser) overwritten(raw *intake.Row) *failure.Problem {
	at := p.Mapping.sheet
	if at < 0 || at >= len(raw.Cells) || p.Get(fieldBaseline) == "" {
		return nil
	}
	now, bad := p.wholeNumber(sheetOnHand, raw.Cells[at])
	was, unread := p.wholeNumber(fieldBaseline, p.Get(fieldBaseline))
	if bad != nil || unread != nil || now == was || now == "" {
		return nil
	}
	field := quantityOf(p.options.Mode)
	return &failure.Problem{Field: field, What: "is blank, and " + sheetOnHand + " was changed from " + was + " to " + now + ": write the quantity into " + field}
}

// elsewhere skips rows of warehouses other than that of --warehouse. A blank cell means
// that warehouse.
func (p *Parser) elsewhere(ctx context.Context, w *ledger.Write) (*failure.Problem, error) {
	if strings.TrimSpace(p.Get(fieldWarehouse)) == "" {
		p.put(fieldWarehouse, p.options.Warehouse)
		return nil, nil
	}
	bad, err := p.warehouse(ctx)
	if bad == nil && err == nil && p.Get(fieldWarehouse) != p.options.Warehouse {
		w.Decided = OtherWarehouse()
	}
	return bad, err
}

// create parses a create request, with the rules for all sources. named is true if
// mistakes in the names were already reported.
func (p *Parser) create(w *ledger.Write, raw *intake.Row, named bool) []failure.Problem {
	d := &p.draft
	d.Reset()
	var problems []failure.Problem
	for i, field := range p.Mapping.fields {
		text := p.text[i]
		if text == "" {
			continue
		}
		if d.Request.Number(field) != nil {
			digits, bad := p.wholeNumber(field, text)
			if bad != nil {
				problems = append(problems, *bad)
				continue
			}
			text = digits
		}
		d.Set(field, text, "")
	}
	for column, dim := range p.Mapping.dims {
		if column < len(raw.Cells) && raw.Cells[column] != "" {
			d.AddAttribute(dim+"="+raw.Cells[column], "")
		}
	}
	w.Create = d.Request
	for _, one := range d.Problems() {
		if named && (one.Field == stock.ProductID || one.Field == stock.SKUID || one.Field == stock.WarehouseID) {
			continue
		}
		if slices.ContainsFunc(problems, func(p failure.Problem) bool { return p.Field == one.Field }) {
			continue
		}
		problems = append(problems, one)
	}
	return problems
}

// movement parses a row of adjust, set or count.
func (p *Parser) movement(w *ledger.Write) []failure.Problem {
	problems := p.address()
	if p.options.Mode != Adjust {
		return append(problems, p.figures(w)...)
	}
	qty, bad := p.quantity(fieldQty)
	w.Change = api.Adjustment{
		Qty: qty, Action: strings.ToUpper(p.Get(fieldAction)), Reference: p.Get(fieldReference), Notes: p.Get(fieldNotes),
	}
	problems = join(problems, bad)
	if bad == nil {
		problems = join(problems, w.Change.Signed(p.options.Sign))
	}
	check := w.Change
	check.Reference, check.Notes = settle.Carry("sc1-aaaaaa-aaaaaaaaaaaa", w.Change.Reference, w.Change.Notes)
	for _, one := range check.Validate() {
		if bad != nil && one.Field == fieldQty {
			continue
		}
		if one.Field == fieldNotes && len(w.Change.Notes) < len(check.Notes) {
			one.Value, one.What = w.Change.Notes, one.What+" with the token that is put before it: shorten it by "+strconv.Itoa(len(check.Notes)-len(w.Change.Notes))
		}
		problems = append(problems, one)
	}
	return problems
}

// figures parses the wanted quantity of a record, and the quantity on hand when the file
// was written.
func (p *Parser) figures(w *ledger.Write) (problems []failure.Problem) {
	field := quantityOf(p.options.Mode)
	want, bad := p.quantity(field)
	if bad == nil {
		// A quantity on hand follows the rules for a create.
		for _, one := range (api.CreateRecord{ProductID: "x", WarehouseID: "x", InitialQty: &want}).Validate() {
			one.Field = field
			bad = &one
		}
	}
	w.Want = want
	if p.Get(fieldBaseline) != "" {
		was, unread := p.quantity(fieldBaseline)
		w.Baseline, w.HasBaseline = was, unread == nil
		problems = join(problems, unread)
	}
	return join(problems, bad)
}

func join(list []failure.Problem, one *failure.Problem) []failure.Problem {
	if one != nil {
		list = append(list, *one)
	}
	return list
}

// OtherWarehouse is the outcome of a row whose warehouse is not that of --warehouse.
func OtherWarehouse() *ledger.Outcome {
	return &ledger.Outcome{State: journal.Skipped, Code: failure.CodeOtherWarehouse, Message: "it is for another warehouse"}
}
