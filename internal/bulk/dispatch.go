package bulk

import (
	"context"
	"slices"

	"github.com/bayworks/stockctl/internal/bulk/journal"
	"github.com/bayworks/stockctl/internal/settle"
)

// dispatch is the last reading of the file: each row that is to be sent goes
// into its lane, every other one gets its state at once. When the run stops the
// rest is still read, so that it is counted.
func (e *engine) dispatch(ctx context.Context) error {
	counter := newCounter(e.plan.alike)
	return e.plan.each(context.WithoutCancel(ctx), func(v *visit) error {
		row := v.row
		row.Cells = slices.Clone(v.raw.Cells)
		e.mu.Lock()
		e.rows++
		e.mu.Unlock()
		out := e.sort(v, counter)
		switch {
		case e.before.Done.Has(row.N): // an earlier session counted it
		case out.what == ended:
			e.close(row, out)
			if out.state == journal.Held {
				e.lanes.bar(row)
			}
		case e.stop.Err() != nil:
			e.abandon(row)
		default:
			if line, taken := e.lanes.add(row); !taken {
				e.behind(row, line)
			}
		}
		return nil
	})
}

// sort completes a row, and ends it where it is not to be sent.
func (e *engine) sort(v *visit, counter *counter) verdict {
	p, row := e.plan, v.row
	invalid := len(v.problems) > 0
	if !invalid && p.options.Mode != Create && !p.skip.Has(row.N) && !p.invalid.Has(row.N) {
		invalid = p.identify(row, v.parser) != ""
	}
	if invalid || p.invalid.Has(row.N) {
		return invalidVerdict(v)
	}
	if p.skip.Has(row.N) {
		return verdict{what: ended, state: journal.Skipped, code: "duplicate", message: "another row of the file is the same record"}
	}
	switch p.options.Mode {
	case Adjust:
		row.Token = settle.Token(settle.Tag(p.ImportID), counter.number(row, v.parser).tag)
	case Set:
		row.Token = settle.Token(settle.Tag(p.ImportID), rowTag(row))
	}
	e.remember(row)
	if out := e.look(row); out.what != "" {
		return out
	}
	if p.known.Has(row.N) {
		return verdict{what: ended, state: journal.Already, code: "known", message: "it was applied by an earlier import"}
	}
	return e.act.ready(row)
}

// remember takes up what an earlier session of the run did about a row.
func (e *engine) remember(row *Row) {
	row.washeld = e.before.Held[row.N]
	sent, open := e.before.Open[row.N]
	if !open {
		return
	}
	row.prior, row.first, row.doubted = sent.Attempt, sent.First, true
	if e.plan.options.Mode == Set {
		row.Change.Qty = sent.Qty
	}
}

// invalidVerdict says why a row cannot be sent.
func invalidVerdict(v *visit) verdict {
	message := "it names a record twice, or one that is not there"
	if len(v.problems) > 0 {
		message = v.problems[0].String()
	}
	return verdict{what: ended, state: journal.Invalid, code: "invalid", message: message}
}
