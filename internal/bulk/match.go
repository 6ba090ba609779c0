package bulk

import (
	"context"
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
)

// matchRecords is the second reading of adjust and set: each row gets its
// record and, in adjust mode, its place among the rows that are like it.
func (p *Plan) matchRecords(ctx context.Context) error {
	counter := newCounter()
	p.tags = newSeenTable[string]()
	same := newSeenTable[whole]()
	p.Identical = 0
	return p.each(ctx, func(v *visit) error {
		if p.invalid.Has(v.row.N) || p.skip.Has(v.row.N) || len(v.problems) > 0 {
			return nil
		}
		field, value := v.row.Key.name()
		wrong := func(what string) error {
			p.invalid.Add(v.row.N)
			p.wrong.add(failure.Problem{Where: v.where(field), Field: field, Value: value, What: what})
			return nil
		}
		if what := p.identify(v.row, v.parser); what != "" {
			return wrong(what)
		}
		if p.options.Mode != Adjust {
			if a, _ := p.records.get(v.row.Key); a.onHand == v.row.Want {
				p.right++
			}
			return nil
		}
		v.row.Occurrence = counter.count(v.row, v.parser)
		tag := rowTag(v.row)
		s, again := p.tags.find(tag)
		if again {
			field, value = fieldOccurrence, v.parser.get(fieldOccurrence)
			return wrong(fmt.Sprintf("counts the same row as line %d: leave the column _n blank in rows that were copied", s.b))
		}
		s.a, s.b = uint32(v.row.N), uint32(v.row.Line)
		if _, repeats := same.find(whole{contentOf(v.row), v.row.Change.Notes}); repeats {
			p.Identical++
		}
		return nil
	})
}

// identify finds the record of a row, or says why there is none.
func (p *Plan) identify(row *Row, parser *parser) (what string) {
	if row.Record != "" && p.options.Mode == Adjust {
		return ""
	}
	a, found := p.records.get(row.Key)
	switch {
	case !found && row.Record != "":
		return "is no inventory record of this store"
	case !found:
		at := parser.get(draft.ProductID)
		if sku := parser.get(draft.SKUID); sku != "" {
			at += "/" + sku
		}
		return fmt.Sprintf("has no inventory record %s@%s: create it first", at, parser.get(draft.WarehouseID))
	case p.options.Mode == Set && !a.known:
		return "has a record whose on hand the API does not tell: it cannot be set"
	}
	row.Record = a.id
	return ""
}

// rowTag is the part of a row's token that does not depend on the import.
func rowTag(row *Row) string {
	if row.Occurrence == 0 { // set: the wanted figure
		return settle.RowTag(row.Record, api.ActionAdjusted, row.Want, "", 1)
	}
	return settle.RowTag(row.Record, row.Change.Action, row.Change.Qty, row.Change.Reference, row.Occurrence)
}

// counter numbers the rows that are like each other, in the order of the file.
type counter struct{ table *seenTable[content] }

func newCounter() *counter { return &counter{newSeenTable[content]()} }

// count returns what the column _n says, else how many such rows there are so
// far.
func (c *counter) count(row *Row, p *parser) int {
	s, _ := c.table.find(contentOf(row))
	s.a++
	if n := p.occurrence(row); n > 0 {
		return n
	}
	return int(s.a)
}
