package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/seen"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// Why a row cannot be settled by the log.
const (
	hiddenTokens = "the movement log does not bring tokens back, so it cannot be told whether it was applied"
	likeThisOne  = "the movement log holds a movement like this one without a token, which may be this one"
)

// resumedLog is what the movement log holds when a run is resumed, once no request
// of an earlier session can be under way any more.
type resumedLog struct {
	tokens *seen.Table[string] // with the record, 0 for unknown, and the size of the quantity
	shown  [2]bool             // the carriers of which it shows a token
	hidden [2]bool             // those of which it shows none though rows were applied by them
	maybe  map[int64]bool      // rows sent before that may be an entry without a token
}

// look holds a row of a resumed run against what the log was found to hold. A
// row whose token is there was applied, whether its intent survived or not.
func (s *sender) look(row *pending) verdict {
	if s.log == nil {
		return verdict{}
	}
	found := s.log.tokens.Get(row.Token)
	_, open := s.run.before.Open[row.N]
	at := carrier(row)
	switch {
	case found == nil && open && s.log.hidden[at]:
		return closed(journal.Held, failure.New(failure.OutcomeUnknown, hiddenTokens))
	case found == nil && open && s.log.maybe[row.N] && !s.log.shown[at]:
		return closed(journal.Held, failure.New(failure.OutcomeUnknown, likeThisOne))
	case found == nil:
		// The log was read after the longest that a request may take: what was
		// sent and is not there was not applied.
		row.doubted = false
		return verdict{}
	}
	sizeTold := s.run.plan.Mode == stock.Adjust || open
	if found.A != 0 && found.A != s.log.tokens.Short(row.Record) || sizeTold && found.B != size(row.Change.Qty) {
		return verdict{what: ended, Outcome: Outcome{journal.Held, "mismatch", "its token is in the movement log with another record or quantity"}}
	}
	return verdict{what: ended, Outcome: Outcome{State: journal.Confirmed, Message: "found in the movement log"}}
}

// letArrive waits until no request of an earlier session can be under way any
// more.
func (s *sender) letArrive(ctx context.Context) error {
	var newest time.Time
	for _, sent := range s.run.before.Open {
		if sent.At.After(newest) {
			newest = sent.At
		}
	}
	wait := time.Until(newest.Add(settle.Arrives(s.run.env.Reader.Timeout(), s.run.Head().Timeout)))
	if wait <= 0 {
		return nil
	}
	if s.run.env.Note != nil {
		s.run.env.Note(settle.WaitNote(wait, "row"))
	}
	return settle.Sleep(ctx, wait)
}

// readLog reads the log from where it stood before the run's first sending.
func (s *sender) readLog(ctx context.Context, mark settle.Mark) error {
	log := &resumedLog{tokens: seen.New[string](), maybe: map[int64]bool{}}
	open := map[string][]journal.Intent{} // by record
	for _, sent := range s.run.before.Open {
		open[sent.Record] = append(open[sent.Record], sent)
	}
	settler := settle.New(s.run.env.Reader)
	err := settler.Sweep(ctx, mark, func(entry api.Movement) bool {
		if token := settle.TokenOf(entry); token != "" {
			slot, _ := log.tokens.Find(token)
			if entry.InventoryID != "" {
				slot.A = log.tokens.Short(entry.InventoryID)
			}
			slot.B = size(entry.QtyChange)
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
	s.log = log
	if len(open) == 0 || log.shown[byReference] && log.shown[byNotes] {
		return nil
	}
	return s.run.plan.Each(func(w *Write) error {
		if at := carrier(&pending{Write: *w}); s.run.before.Applied.Has(w.N) && !log.shown[at] {
			log.hidden[at] = true
		}
		return nil
	})
}

// size is how much a movement moved, either way.
func size(qty int64) uint32 {
	if qty < 0 {
		qty = -qty
	}
	return uint32(min(qty, 1<<32-1))
}
