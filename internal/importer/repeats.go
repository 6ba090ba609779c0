package importer

import (
	"fmt"
	"slices"

	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/seen"
)

// repeat is a row whose record another row names, too.
type repeat struct {
	row, other uint32 // the row, and the line of the other
	first      bool   // no row before it names the record
}

// repeats does with the rows of repeated records what --duplicates says, when
// there may be any.
func (p *Plan) repeats(named *marks[Key]) error {
	if !named.keepTwice() {
		return nil
	}
	out, err := p.findRepeats(named)
	if err != nil || len(out) == 0 {
		return err
	}
	slices.SortFunc(out, func(a, b repeat) int { return int(a.row) - int(b.row) })
	next := 0
	found := &mistakes{source: p.name}
	err = p.rewrite(func(w *ledger.Write) error {
		if next == len(out) || w.N != int64(out[next].row) {
			return nil
		}
		one := out[next]
		next++
		if p.options.Duplicates != DuplicatesFail {
			w.Decided = &ledger.Outcome{State: journal.Skipped, Code: "duplicate", Message: "another row of the file is the same record"}
			return nil
		}
		field, value := nameOf(w.Key)
		what := fmt.Sprintf("is the same record as line %d (--duplicates first or last takes one of them)", one.other)
		problem, err := p.problem(w, field, value, what)
		if err != nil {
			return err
		}
		if !one.first {
			found.add(w.N, problem)
		}
		w.Decided = invalid(problem)
		w.Decided.Code = "duplicate_in_file"
		return nil
	})
	p.wrong.merge(found)
	return err
}

// findRepeats lists the rows that --duplicates leaves out.
func (p *Plan) findRepeats(named *marks[Key]) ([]repeat, error) {
	var out []repeat
	places := seen.New[Key]() // row and line
	err := p.writes.Each(func(w *ledger.Write) error {
		if w.Decided != nil || !named.mayHold(w.Key) {
			return nil
		}
		n, line := uint32(w.N), uint32(w.Line)
		was, again := places.Find(w.Key)
		switch {
		case !again:
			was.A, was.B = n, line
		case p.options.Duplicates == DuplicatesFirst:
			out = append(out, repeat{row: n, other: was.B})
		case p.options.Duplicates == DuplicatesLast:
			out = append(out, repeat{row: was.A, other: line})
			was.A = n
		default: // none of them is known to be the right one
			if was.A != 0 {
				out = append(out, repeat{row: was.A, other: line, first: true})
				was.A = 0 // it is out already
			}
			out = append(out, repeat{row: n, other: was.B})
		}
		return nil
	})
	return out, err
}
