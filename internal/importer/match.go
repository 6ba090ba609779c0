package importer

import (
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/seen"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// matchRecords gives each row of an adjust or set file its record. In adjust mode, it
// also numbers rows with the same content.
func (p *Plan) matchRecords(alike *keyHashes[content]) error {
	m := &matching{plan: p, counter: newCounter(alike), same: seen.New[contentWithNotes](), found: &mistakes{source: p.name}}
	p.rowTags = newKeyHashes[string]()
	err := p.rewrite(m.match)
	p.rowTags.sort()
	p.wrong.merge(m.found)
	return err
}

// matching is the pass over the plan that resolves the rows to the store's records.
type matching struct {
	plan    *Plan
	counter *counter
	same    *seen.Table[contentWithNotes]
	found   *mistakes
}

func (m *matching) match(w *ledger.Write) error {
	if w.Decided != nil {
		return nil
	}
	p := m.plan
	if also, hasOther := otherName(w.Key); hasOther {
		w.Key = idOnly(w.Key) // from here on, only the id counts
		if other, found := p.records.get(also); found && other.id != w.Key.Record && other.other != w.Key.Record {
			return m.wrong(w, columns.FieldRecord, w.Key.Record, fmt.Sprintf("is not the record that the rest of the row names, which is %s", other.id), failure.CodeContradicting)
		}
	}
	if what, code := p.identify(w); what != "" {
		field, value := nameOf(w.Key)
		return m.wrong(w, field, value, what, code)
	}
	if p.options.Mode != stock.Adjust {
		w.Tag = rowTag(w)
		if _, decided := w.Difference(w.Seen, p.options.IfMoved); decided != nil {
			p.right++
		}
		return nil
	}
	got := m.counter.number(w)
	if got.line != 0 {
		return m.wrong(w, columns.FieldOccurrence, "", fmt.Sprintf("counts the same row as line %d: leave the column _n blank in rows that were copied", got.line), failure.CodeDuplicateInFile)
	}
	w.Tag = got.tag
	p.rowTags.add(got.tag)
	if got.alike {
		if _, repeats := m.same.Find(contentWithNotes{contentOf(w), w.Change.Notes}); repeats {
			p.Identical++
		}
	}
	return nil
}

// wrong marks a row as invalid.
func (m *matching) wrong(w *ledger.Write, field, value, what, code string) error {
	problem, err := m.plan.problem(w, field, value, what)
	if err != nil {
		return err
	}
	problem.Code = code
	m.found.add(w.N, problem)
	w.Decided = invalid(problem)
	return nil
}

// identify finds the record of a row. If there is none, it returns why.
func (p *Plan) identify(w *ledger.Write) (what, code string) {
	if w.Key.Record != "" && p.options.Mode == stock.Adjust {
		w.Record = w.Key.Record
		return "", ""
	}
	a, found := p.records.get(w.Key)
	switch {
	case !found && w.Key.Record != "":
		return "is not an inventory record of this store", failure.CodeUnknownRecord
	case !found:
		return "has no inventory record " + w.Key.String() + ": create it first", failure.CodeUnknownRecord
	case a.other != "":
		return stock.Several(a.id, a.other) + ": name one of them by its inventoryId", failure.CodeSeveralRecords
	case p.options.Mode == stock.Set && !a.known:
		return "has a record with a quantity on hand that the API does not report: it cannot be set", failure.CodeUnknownRecord
	}
	w.Record, w.Seen = a.id, a.onHand
	return "", ""
}

// rowTag returns the part of a row's token that does not depend on the import.
func rowTag(w *ledger.Write) string {
	if w.Occurrence == 0 { // set: the wanted quantity
		return settle.RowTag(w.Record, api.ActionAdjusted, w.Want, "", 1)
	}
	return settle.RowTag(w.Record, w.Change.Action, w.Change.Qty, w.Change.Reference, w.Occurrence)
}

// counter numbers the rows with the same content, in the order of the file.
type counter struct {
	repeated *keyHashes[content]
	counts   *seen.Table[content] // of those only
	tags     *seen.Table[string]  // of their rows → line
}

func newCounter(alike *keyHashes[content]) *counter {
	return &counter{alike, seen.New[content](), seen.New[string]()}
}

// numbered is the result of numbering a row.
type numbered struct {
	tag   string
	alike bool // the file may have another row with the same content
	line  int  // of the row that already has this number; 0: none
}

// number sets a row's Occurrence to the number in its column _n or, without one, to the
// next free number.
func (c *counter) number(w *ledger.Write) numbered {
	what, given := contentOf(w), w.Occurrence
	w.Occurrence = max(1, given)
	if !c.repeated.mayHold(what) {
		return numbered{tag: rowTag(w)}
	}
	count, _ := c.counts.Find(what)
	for {
		if given == 0 {
			w.Occurrence = int(count.A) + 1
			count.A++
		}
		tag := rowTag(w)
		s, taken := c.tags.Find(tag)
		if !taken {
			s.B = uint32(w.Line)
			return numbered{tag: tag, alike: true}
		}
		if given != 0 {
			return numbered{tag: tag, alike: true, line: int(s.B)}
		}
	}
}
