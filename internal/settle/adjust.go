package settle

import (
	"context"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// Movement is the outcome of one stock movement. Err is nil if it was applied exactly
// once.
type Movement struct {
	Record    *api.Record // the response; nil if there was none
	Token     string      // the token, sent as the reference or at the start of the notes
	Confirmed bool        // the response was lost, but the movement is in the log
	Err       error
}

// Adjust sends a stock movement once, with a new token as its reference or, if it has
// a reference, at the start of its notes. If the response is lost, Adjust searches
// the log for the token. If the token is there, the movement was applied. If it is
// still missing after the time that a request may take to arrive, the movement was
// not applied, and the error, of the kind Unavailable, says that it is safe to
// repeat. If the log cannot be read, the outcome is unknown.
func (s *Settler) Adjust(ctx context.Context, recordID string, change api.Adjustment) Movement {
	return s.move(ctx, s.fresh(recordID, change.Qty, change.Reference), func(token string) (api.Record, error) {
		change.Reference, change.Notes = Carry(token, change.Reference, change.Notes)
		return s.client.Adjust(ctx, recordID, change)
	})
}

// Reserve reserves available stock. It settles lost responses as Adjust does.
func (s *Settler) Reserve(ctx context.Context, recordID string, change api.Reservation) Movement {
	return s.move(ctx, s.fresh(recordID, change.Qty, change.Reference), func(token string) (api.Record, error) {
		change.Reference, change.Notes = Carry(token, change.Reference, change.Notes)
		return s.client.Reserve(ctx, recordID, change)
	})
}

// Release releases reserved stock. It settles lost responses as Adjust does.
func (s *Settler) Release(ctx context.Context, recordID string, change api.Reservation) Movement {
	return s.move(ctx, s.fresh(recordID, change.Qty, change.Reference), func(token string) (api.Record, error) {
		change.Reference, change.Notes = Carry(token, change.Reference, change.Notes)
		return s.client.Release(ctx, recordID, change)
	})
}

// fresh returns a movement with a new token, as needed to search for it.
func (s *Settler) fresh(recordID string, qty int64, reference string) Lost {
	return Lost{Token: newToken(), Record: recordID, Qty: qty, Place: PlaceOf(reference), Reference: reference, First: s.now()}
}

func (s *Settler) move(ctx context.Context, sent Lost, send func(token string) (api.Record, error)) Movement {
	record, err := send(sent.Token)
	switch MeaningOf(err, false) {
	case MeansApplied:
		return Movement{Record: &record, Token: sent.Token}
	case MeansInDoubt:
		return s.find(ctx, sent, err)
	}
	return Movement{Token: sent.Token, Err: err}
}

// find searches the log for a movement whose response was lost.
func (s *Settler) find(ctx context.Context, lost Lost, last error) Movement {
	m := Movement{Token: lost.Token}
	lost.Arrives = s.now().Add(s.client.Timeout())
	set := NewUnsettled(Options{Log: s.log, Timeout: s.client.Timeout(), Now: s.now})
	set.Add(lost, func(d Decision) {
		switch d.Conclusion {
		case Confirmed:
			m.Confirmed = true
		case Absent:
			m.Err = failure.New(failure.Unavailable, "the stock movement was not applied: %w", api.NotApplied(last)).
				Hint("the movement log does not contain it: it is safe to run the command again")
		default:
			m.Err = unknown(m.Token, last, d.Reason)
		}
	})
	if err := set.Settle(ctx, s.sleep); err != nil {
		m.Err = unknown(m.Token, last, err)
	}
	return m
}

func unknown(token string, last, cause error) error {
	return failure.New(failure.OutcomeUnknown, "moving stock: %w; looking for it in the log: %w", last, cause).
		Hint("look for its token with `stockctl inventory logs --reference %s` before you send it again", token)
}
