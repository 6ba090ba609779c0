package settle

import (
	"context"
	"errors"
	"fmt"
	"time"

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
	like := Likeness{recordID, change.Qty, change.Reference != ""}
	return s.move(ctx, like, func(token string) (api.Record, error) {
		change.Reference, change.Notes = Carry(token, change.Reference, change.Notes)
		return s.client.Adjust(ctx, recordID, change)
	})
}

// Reserve sets available stock aside; what was said of Adjust holds.
func (s *Settler) Reserve(ctx context.Context, recordID string, change api.Reservation) Movement {
	like := Likeness{recordID, change.Qty, change.Reference != ""}
	return s.move(ctx, like, func(token string) (api.Record, error) {
		change.Reference, change.Notes = Carry(token, change.Reference, change.Notes)
		return s.client.Reserve(ctx, recordID, change)
	})
}

// Release makes reserved stock available again; what was said of Adjust holds.
func (s *Settler) Release(ctx context.Context, recordID string, change api.Reservation) Movement {
	like := Likeness{recordID, change.Qty, change.Reference != ""}
	return s.move(ctx, like, func(token string) (api.Record, error) {
		change.Reference, change.Notes = Carry(token, change.Reference, change.Notes)
		return s.client.Release(ctx, recordID, change)
	})
}

func (s *Settler) move(ctx context.Context, like Likeness, send func(token string) (api.Record, error)) Movement {
	token := NewToken()
	sent := s.now()
	record, err := send(token)
	switch {
	case err == nil:
		return Movement{Record: &record, Token: token}
	case !api.InDoubt(err):
		return Movement{Token: token, Err: err}
	}
	return s.settleMovement(ctx, like, Movement{Token: token, Err: err}, sent)
}

// settleMovement looks for the token twice: at once, and after the longest a
// request of ours may still be under way.
func (s *Settler) settleMovement(ctx context.Context, like Likeness, m Movement, sent time.Time) Movement {
	var log finding
	for _, wait := range []time.Duration{0, s.client.Timeout()} {
		if err := s.sleep(ctx, wait); err != nil {
			return s.undecided(m, err)
		}
		var err error
		log, err = s.search(ctx, m.Token, sent, like)
		switch {
		case err != nil:
			return s.undecided(m, err)
		case log.is && !SameMovement(log.entry, like.RecordID, like.Qty):
			return s.undecided(m, fmt.Errorf("its token is in the log, but with record %s and quantity %d", log.entry.InventoryID, log.entry.QtyChange))
		case log.is:
			m.Confirmed, m.Err = true, nil
			return m
		}
	}
	if log.perhaps {
		return s.undecided(m, errors.New("it holds a movement like this one without a token, which may be this one"))
	}
	m.Err = failure.New(failure.Unavailable, "the stock movement was not applied: %w", api.NotApplied(m.Err)).
		Hint("the movement log does not hold it: it is safe to run the command again")
	return m
}

func (s *Settler) undecided(m Movement, cause error) Movement {
	m.Err = failure.New(failure.OutcomeUnknown, "moving stock: %w; looking for it in the log: %w", m.Err, cause).
		Hint("look for its token with `stockctl inventory logs --reference %s` before you send it again", m.Token)
	return m
}
