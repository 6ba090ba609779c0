package bulk

import (
	"context"
	"fmt"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/bulk/journal"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/settle"
)

// Why a row cannot be settled by the log.
const (
	hiddenTokens = "the movement log does not bring tokens back, so it cannot be told whether it was applied"
	likeThisOne  = "the movement log holds a movement like this one without a token, which may be this one"
)

// resumedLog is what the movement log holds when a run is resumed, once no request
// of an earlier session can be under way any more.
type resumedLog struct {
	tokens *seenTable[string] // with the record and the size of the quantity
	shown  [2]bool            // the carriers of which it shows a token
	hidden [2]bool            // those of which it shows none though rows were applied by them
	maybe  map[int64]bool     // rows sent before that may be an entry without a token
}

// look holds a row of a resumed run against what the log was found to hold. A
// row whose token is there was applied, whether its intent survived or not.
func (e *engine) look(row *Row) verdict {
	if e.log == nil {
		return verdict{}
	}
	s := e.log.tokens.get(row.Token)
	_, open := e.before.Open[row.N]
	at := carrier(row)
	switch {
	case s == nil && open && e.log.hidden[at]:
		return closed(journal.Held, failure.New(failure.OutcomeUnknown, hiddenTokens))
	case s == nil && open && e.log.maybe[row.N] && !e.log.shown[at]:
		return closed(journal.Held, failure.New(failure.OutcomeUnknown, likeThisOne))
	case s == nil:
		// The log was read after the longest that a request may take: what was
		// sent and is not there was not applied.
		row.doubted = false
		return verdict{}
	}
	sizeTold := e.plan.options.Mode == Adjust || open
	if s.a != 0 && s.a != e.log.tokens.short(row.Record) || sizeTold && s.b != size(row.Change.Qty) {
		return verdict{what: ended, state: journal.Held, code: "mismatch", message: "its token is in the movement log with another record or quantity"}
	}
	return verdict{what: ended, state: journal.Confirmed, message: "found in the movement log"}
}

// letArrive waits until no request of an earlier session can be under way any
// more.
func (e *engine) letArrive(ctx context.Context) error {
	var newest time.Time
	for _, sent := range e.before.Open {
		if sent.At.After(newest) {
			newest = sent.At
		}
	}
	wait := time.Until(newest.Add(settle.Arrives(e.plan.env.Reader.Timeout(), e.run.Head().Timeout)))
	if wait <= 0 {
		return nil
	}
	if e.plan.env.Note != nil {
		e.plan.env.Note(settle.WaitNote(wait, "row"))
	}
	return settle.Sleep(ctx, wait)
}

// readLog reads the log from where it stood before the run's first sending.
func (e *engine) readLog(ctx context.Context, mark settle.Mark) error {
	log := &resumedLog{tokens: newSeenTable[string](), maybe: map[int64]bool{}}
	open := map[string][]journal.Intent{} // by record
	for _, sent := range e.before.Open {
		open[sent.Record] = append(open[sent.Record], sent)
	}
	settler := settle.New(e.plan.env.Reader)
	err := settler.Sweep(ctx, mark, func(entry api.Movement) bool {
		if token := settle.TokenOf(entry); token != "" {
			s, _ := log.tokens.find(token)
			log.tokens.entry(s, entry)
			log.shown[carriedBy(entry, token)] = true
			return true
		}
		for _, sent := range open[entry.InventoryID] {
			for _, inNotes := range []bool{false, true} {
				if settler.MayBe(entry, settle.Likeness{RecordID: sent.Record, Qty: sent.Qty, InNotes: inNotes}, sent.First) {
					log.maybe[sent.Row] = true
				}
			}
		}
		return true
	})
	if err != nil {
		return fmt.Errorf("the movement log must be read before the run can go on: %w", err)
	}
	e.log = log
	if len(open) == 0 || log.shown[byReference] && log.shown[byNotes] {
		return nil
	}
	return e.plan.writes.Each(func(w *ledger.Write) error {
		if at := carrier(&Row{Write: *w}); e.before.Applied.Has(w.N) && !log.shown[at] {
			log.hidden[at] = true
		}
		return nil
	})
}
