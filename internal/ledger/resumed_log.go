package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/seen"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// resumedLog is what the movement log contains when a run is resumed, read when no
// request of an earlier session can still be in flight.
type resumedLog struct {
	tokens *seen.Table[string] // with the record (0: unknown) and the size of the quantity
	shown  [2]bool             // the places where the log shows a token
	hidden [2]bool             // the places where it shows none although rows were applied with them
	maybe  map[int64]bool      // rows sent earlier that an entry without a token may be
}

// lookInLog compares a row of a resumed run with the log. A row with its token in the log
// was applied, even if its intent was lost.
func (s *sender) lookInLog(row *pending) verdict {
	if s.log == nil {
		return verdict{}
	}
	_, open := s.run.before.Open[row.N]
	sighting := s.log.sighting(row, open, s.run.plan.Mode == stock.Adjust || open)
	switch conclusion, reason := sighting.Conclude(); conclusion {
	case settle.Confirmed:
		return foundInLog()
	case settle.Held:
		v := closed(journal.Held, failure.New(failure.OutcomeUnknown, "%w", reason))
		if sighting.Other {
			v.Code = failure.CodeMismatch
		}
		return v
	}
	row.doubted = false // an earlier attempt that the log does not contain was not applied
	return verdict{}
}

// sighting returns what the log shows for a row, given that it was read after the
// longest time that a request may take. For a row that was never sent, only its token
// matters.
func (l *resumedLog) sighting(row *pending, open, sizeKnown bool) settle.Sighting {
	out := settle.Sighting{Final: true}
	if slot := l.tokens.Get(row.Token); slot != nil {
		out.Found = true
		out.Other = slot.A != 0 && slot.A != l.tokens.Short(row.Record) || sizeKnown && slot.B != size(row.Change.Qty)
	}
	if !open {
		return out
	}
	out.Lookalike = l.maybe[row.N]
	switch place := settle.PlaceOf(row.Change.Reference); {
	case l.shown[place]:
		out.Place = settle.Proven
	case l.hidden[place]:
		out.Place = settle.Hidden
	}
	return out
}

// WaitForInFlight waits until no request of an earlier session can still be in flight.
// timeout is the request timeout of that session, and open are its requests without a known
// outcome, by row.
func WaitForInFlight(ctx context.Context, env Env, timeout time.Duration, open map[int64]journal.Intent) error {
	var newest time.Time
	for _, sent := range open {
		if sent.At.After(newest) {
			newest = sent.At
		}
	}
	wait := newest.Add(settle.MaxInFlight(env.Reader.Timeout(), timeout)).Sub(env.Now())
	if wait <= 0 {
		return nil
	}
	if env.Note != nil {
		env.Note(settle.WaitNote(wait, "row"))
	}
	return await.Sleep(ctx, wait)
}

// readLog reads the part of the log that is newer than the run's first request.
func (s *sender) readLog(ctx context.Context, mark settle.Watermark) error {
	log := &resumedLog{tokens: seen.New[string](), maybe: map[int64]bool{}}
	open := map[string][]journal.Intent{} // by record; "" holds all, for entries without a record
	for _, sent := range s.run.before.Open {
		open[sent.Record], open[""] = append(open[sent.Record], sent), append(open[""], sent)
	}
	reader := settle.NewLog(s.run.env.Reader)
	err := reader.After(ctx, mark, func(entry api.Movement) bool {
		if token := settle.TokenOf(entry); token != "" {
			slot, _ := log.tokens.Find(token)
			if entry.InventoryID != "" {
				slot.A = log.tokens.Short(entry.InventoryID)
			}
			slot.B = size(entry.QtyChange)
			log.shown[settle.PlaceIn(entry, token)] = true
			return true
		}
		for _, sent := range open[entry.InventoryID] {
			if couldBe(reader, entry, sent) {
				log.maybe[sent.Row] = true
			}
		}
		return true
	})
	if err != nil {
		return fmt.Errorf("the movement log must be read before the run can continue: %w", err)
	}
	s.log = log
	if len(open) == 0 || log.shown[settle.InReference] && log.shown[settle.InNotes] {
		return nil
	}
	return s.run.plan.Each(func(w *Write) error {
		if at := settle.PlaceOf(w.Change.Reference); s.run.before.Applied.Has(w.N) && !log.shown[at] {
			log.hidden[at] = true
		}
		return nil
	})
}

// couldBe reports whether an entry without a token may be a movement that was sent. The
// journal does not record which field carried the token.
func couldBe(log *settle.Log, entry api.Movement, sent journal.Intent) bool {
	lost := settle.Lost{Record: sent.Record, Qty: sent.Qty, First: sent.First}
	noted := lost
	noted.Place = settle.InNotes
	return log.CouldBe(entry, lost) || log.CouldBe(entry, noted)
}

// size returns the absolute quantity of a movement, capped at 32 bits.
func size(qty int64) uint32 {
	if qty < 0 {
		qty = -qty
	}
	return uint32(min(qty, 1<<32-1))
}
