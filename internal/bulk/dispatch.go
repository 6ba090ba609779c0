package bulk

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/bulk/journal"
	"github.com/bayworks/stockctl/internal/failure"
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

// look holds a row of a resumed run against what the log was found to hold. A
// row whose token is there was applied, whether its intent survived or not.
func (e *engine) look(row *Row) verdict {
	if e.found == nil {
		return verdict{}
	}
	s := e.found.get(row.Token)
	_, open := e.before.Open[row.N]
	switch {
	case s == nil && open && e.hidden[carrier(row)]:
		return closed(journal.Held, failure.New(failure.OutcomeUnknown, "%s", hiddenTokens))
	case s == nil:
		// The log was read after the longest that a request may take: what was
		// sent and is not there was not applied.
		row.doubted = false
		return verdict{}
	}
	sizeTold := e.plan.options.Mode == Adjust || open
	if s.a != 0 && s.a != e.found.short(row.Record) || sizeTold && s.b != size(row.Change.Qty) {
		return verdict{what: ended, state: journal.Held, code: "mismatch", message: "its token is in the movement log with another record or quantity"}
	}
	return verdict{what: ended, state: journal.Confirmed, message: "found in the movement log"}
}

// hiddenTokens says why a row cannot be settled by the log.
const hiddenTokens = "the movement log does not bring tokens back, so it cannot be told whether it was applied"

// invalidVerdict says why a row cannot be sent.
func invalidVerdict(v *visit) verdict {
	message := "it names a record twice, or one that is not there"
	if len(v.problems) > 0 {
		message = v.problems[0].String()
	}
	return verdict{what: ended, state: journal.Invalid, code: "invalid", message: message}
}

// sweepOnResume reads the log from where it stood before the run's first
// sending, once no request of an earlier session can be under way any more.
func (e *engine) sweepOnResume(ctx context.Context, mark settle.Mark) error {
	var newest time.Time
	for _, sent := range e.before.Open {
		if sent.At.After(newest) {
			newest = sent.At
		}
	}
	arrived := newest.Add(settle.Arrives(e.plan.env.Reader.Timeout(), e.run.Head().Timeout))
	if wait := time.Until(arrived); wait > 0 {
		if e.plan.env.Note != nil {
			e.plan.env.Note(settle.WaitNote(wait, "row"))
		}
		if err := settle.Sleep(ctx, wait); err != nil {
			return err
		}
	}
	e.found = newSeenTable[string]()
	var shown [2]bool // carriers
	err := settle.New(e.plan.env.Reader).Sweep(ctx, mark, func(entry api.Movement) bool {
		if token := settle.TokenOf(entry); token != "" {
			s, _ := e.found.find(token)
			e.found.entry(s, entry)
			shown[carriedBy(entry, token)] = true
		}
		return true
	})
	if err != nil {
		return errors.Join(errors.New("the movement log must be read before the run can go on"), err)
	}
	return e.hide(ctx, shown)
}

// hide finds the carriers that the log hides: rows were applied by them, and none
// of their tokens is shown.
func (e *engine) hide(ctx context.Context, shown [2]bool) error {
	if len(e.before.Open) == 0 || shown[byReference] && shown[byNotes] {
		return nil
	}
	return e.plan.each(ctx, func(v *visit) error {
		if at := carrier(v.row); e.before.Applied.Has(v.row.N) && !shown[at] {
			e.hidden[at] = true
		}
		return nil
	})
}
