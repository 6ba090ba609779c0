package settle

import (
	"context"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// Movement is what became of one stock movement. Err is nil when it was
// applied, once.
type Movement struct {
	Record    *api.Record // the answer, where one came
	Token     string      // what the movement carries, as reference or first in its notes
	Confirmed bool        // the answer was lost; the movement was found in the log
	Err       error
}

// Adjust sends a stock movement that carries a fresh token: as its reference
// when it has none, else first in its notes. It is sent once. When the answer
// is lost, the log is searched for the token: found, it is done; not found
// after a wait of one request timeout, it was not done, and the error, of the
// kind Unavailable, says that it is safe to repeat. A log that cannot be read
// leaves the outcome unknown.
func (s *Settler) Adjust(ctx context.Context, recordID string, change api.Adjustment) Movement {
	return s.move(ctx, s.fresh(recordID, change.Qty, change.Reference), func(token string) (api.Record, error) {
		change.Reference, change.Notes = Carry(token, change.Reference, change.Notes)
		return s.client.Adjust(ctx, recordID, change)
	})
}

// Reserve sets available stock aside; what was said of Adjust holds.
func (s *Settler) Reserve(ctx context.Context, recordID string, change api.Reservation) Movement {
	return s.move(ctx, s.fresh(recordID, change.Qty, change.Reference), func(token string) (api.Record, error) {
		change.Reference, change.Notes = Carry(token, change.Reference, change.Notes)
		return s.client.Reserve(ctx, recordID, change)
	})
}

// Release makes reserved stock available again; what was said of Adjust holds.
func (s *Settler) Release(ctx context.Context, recordID string, change api.Reservation) Movement {
	return s.move(ctx, s.fresh(recordID, change.Qty, change.Reference), func(token string) (api.Record, error) {
		change.Reference, change.Notes = Carry(token, change.Reference, change.Notes)
		return s.client.Release(ctx, recordID, change)
	})
}

// fresh is a movement with a token of its own, as it would be searched for.
func (s *Settler) fresh(recordID string, qty int64, reference string) Lost {
	return Lost{Token: NewToken(), Record: recordID, Qty: qty, Place: PlaceOf(reference), Reference: reference, First: s.now()}
}

func (s *Settler) move(ctx context.Context, sent Lost, send func(token string) (api.Record, error)) Movement {
	record, err := send(sent.Token)
	switch Hear(err, false) {
	case MeansApplied:
		return Movement{Record: &record, Token: sent.Token}
	case MeansInDoubt:
		return s.find(ctx, sent, err)
	}
	return Movement{Token: sent.Token, Err: err}
}

// find searches the log for a movement whose answer was lost.
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
				Hint("the movement log does not hold it: it is safe to run the command again")
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
