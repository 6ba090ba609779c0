package importer

import (
	"fmt"
	"math"
	"slices"

	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/seen"
)

// repeat is a row of a record that another row names, too.
type repeat struct {
	row, other uint32 // the row's number, and the line of the other row
	first      bool   // it is the first row of the record
}

// repeats applies --duplicates to the rows of records that may be named more than once.
func (p *Plan) repeats(named *keyHashes[Key]) error {
	if !named.keepTwice() {
		return nil
	}
	totals := map[int64]*total{}
	out, err := p.findRepeats(named, totals)
	if err != nil || len(out) == 0 {
		return err
	}
	slices.SortFunc(out, func(a, b repeat) int { return int(a.row) - int(b.row) })
	next := 0
	found := &mistakes{source: p.name}
	err = p.rewrite(func(w *ledger.Write) error {
		if sum := totals[w.N]; sum != nil {
			return sum.into(w, func(field, value, what string) error {
				problem, err := p.problem(w, field, value, what)
				found.add(w.N, problem)
				w.Decided = invalid(problem)
				return err
			})
		}
		if next == len(out) || w.N != int64(out[next].row) {
			return nil
		}
		one := out[next]
		next++
		switch p.options.Duplicates {
		case columns.DuplicatesFail:
			return p.refuseRepeat(w, one, found)
		case columns.DuplicatesSum:
			w.Decided = &ledger.Outcome{State: journal.Skipped, Code: failure.CodeSummed, Message: fmt.Sprintf("its quantity is added to that of line %d", one.other)}
		default:
			w.Decided = &ledger.Outcome{State: journal.Skipped, Code: failure.CodeSkippedDuplicate, Message: "another row of the file is the same record"}
		}
		p.LeftOut[w.Decided.Code]++
		return nil
	})
	p.wrong.merge(found)
	return err
}

// refuseRepeat applies --duplicates fail to a row: all rows of the record are refused,
// since any of them may be wrong.
func (p *Plan) refuseRepeat(w *ledger.Write, one repeat, found *mistakes) error {
	field, value := nameOf(w.Key)
	problem, err := p.problem(w, field, value, fmt.Sprintf("is the same record as line %d (--duplicates first or last takes one of them, sum adds them up)", one.other))
	if err != nil {
		return err
	}
	if !one.first {
		found.add(w.N, problem)
	}
	w.Decided = invalid(problem)
	w.Decided.Code = failure.CodeDuplicateInFile
	return nil
}

// total is the sum of the rows of one record.
type total struct {
	qty, baseline int64
	noBaseline    bool // some row has no baseline
}

func (t *total) add(w *ledger.Write) {
	if w.Create.InitialQty != nil {
		t.qty += *w.Create.InitialQty
	} else {
		t.qty += w.Want
	}
	t.baseline += w.Baseline
	t.noBaseline = t.noBaseline || !w.HasBaseline
}

// into writes the sum to the first of the rows.
func (t *total) into(w *ledger.Write, wrong func(field, value, what string) error) error {
	if t.qty > math.MaxInt32 {
		field, value := nameOf(w.Key)
		return wrong(field, value, fmt.Sprintf("adds up to %d, which is more than %d", t.qty, math.MaxInt32))
	}
	if w.Create.InitialQty != nil {
		w.Create.InitialQty = &t.qty
		return nil
	}
	w.Want, w.Baseline, w.HasBaseline = t.qty, t.baseline, !t.noBaseline
	return nil
}

// quantities returns a copy of a row with only its quantities.
func quantities(w *ledger.Write) *ledger.Write {
	out := &ledger.Write{Want: w.Want, Baseline: w.Baseline, HasBaseline: w.HasBaseline}
	if w.Create.InitialQty != nil {
		qty := *w.Create.InitialQty
		out.Create.InitialQty = &qty
	}
	return out
}

// findRepeats lists the rows that --duplicates leaves out, and adds up the quantities of
// the rows that it sums.
func (p *Plan) findRepeats(named *keyHashes[Key], totals map[int64]*total) ([]repeat, error) {
	var out []repeat
	firsts := map[uint32]*ledger.Write{}
	places := seen.New[Key]() // A is the row, B the line
	err := p.writes.Each(func(w *ledger.Write) error {
		if w.Decided != nil || !named.mayHold(idOnly(w.Key)) {
			return nil
		}
		n, line := uint32(w.N), uint32(w.Line)
		was, again := places.Find(idOnly(w.Key))
		switch {
		case !again:
			was.A, was.B = n, line
			if p.options.Duplicates == columns.DuplicatesSum {
				firsts[n] = quantities(w)
			}
		case p.options.Duplicates == columns.DuplicatesSum:
			sum := totals[int64(was.A)]
			if sum == nil {
				sum = &total{}
				sum.add(firsts[was.A])
				totals[int64(was.A)] = sum
			}
			sum.add(w)
			out = append(out, repeat{row: n, other: was.B})
		case p.options.Duplicates == columns.DuplicatesFirst:
			out = append(out, repeat{row: n, other: was.B})
		case p.options.Duplicates == columns.DuplicatesLast:
			out = append(out, repeat{row: was.A, other: line})
			was.A = n
		default: // fail: all rows of the record
			if was.A != 0 {
				out = append(out, repeat{row: was.A, other: line, first: true})
				was.A = 0 // listed already
			}
			out = append(out, repeat{row: n, other: was.B})
		}
		return nil
	})
	return out, err
}
