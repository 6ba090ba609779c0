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
	counter, same := newCounter(p.alike), newSeenTable[whole]()
	p.tags = newMarks[string]()
	p.Identical = 0
	err := p.each(ctx, func(v *visit) error {
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
		got := counter.number(v.row, v.parser)
		if got.line != 0 {
			field, value = fieldOccurrence, v.parser.get(fieldOccurrence)
			return wrong(fmt.Sprintf("counts the same row as line %d: leave the column _n blank in rows that were copied", got.line))
		}
		p.tags.add(got.tag)
		if got.alike {
			if _, repeats := same.find(whole{contentOf(v.row), v.row.Change.Notes}); repeats {
				p.Identical++
			}
		}
		return nil
	})
	p.tags.sort()
	return err
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
// Each reading must show it the same rows.
type counter struct {
	alike  *marks[content]
	counts *seenTable[content] // of those only
	tags   *seenTable[string]  // of their rows → line
}

func newCounter(alike *marks[content]) *counter {
	return &counter{alike, newSeenTable[content](), newSeenTable[string]()}
}

// numbered is what a row's number makes of it.
type numbered struct {
	tag   string
	alike bool // the file may have another row that says the same
	line  int  // of the row that has this number already: this one is not counted
}

// number sets a row's Occurrence: what the column _n says where it counts, else
// the next number that no such row has.
func (c *counter) number(row *Row, p *parser) numbered {
	what, told := contentOf(row), p.occurrence(row)
	row.Occurrence = max(1, told)
	if !c.alike.mayHold(what) {
		return numbered{tag: rowTag(row)}
	}
	count, _ := c.counts.find(what)
	for {
		if told == 0 {
			row.Occurrence = int(count.a) + 1
			count.a++
		}
		tag := rowTag(row)
		s, taken := c.tags.find(tag)
		if !taken {
			s.b = uint32(row.Line)
			return numbered{tag: tag, alike: true}
		}
		if told != 0 {
			return numbered{tag: tag, alike: true, line: int(s.b)}
		}
	}
}
