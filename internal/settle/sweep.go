package settle

import (
	"context"
	"errors"
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

// overread is how many entries beyond a mark are read: entries of one moment
// may stand in any order.
const overread = 50

// Mark is where the movement log stood at some time: what is sent later stands
// above it.
type Mark struct {
	Newest string    `json:"newest"` // the id of the log's first entry; blank for an empty log
	Total  int       `json:"total"`  // entries, where the API tells; else 0
	At     time.Time `json:"at"`     // by our clock, after it was read
}

// Mark reads where the log stands now.
func (s *Settler) Mark(ctx context.Context) (Mark, error) {
	list := s.client.Movements()
	var m Mark
	var failed error
	list.All(ctx)(func(entry api.Movement, err error) bool {
		m.Newest, failed = entry.ID, err
		return false
	})
	if failed != nil {
		return Mark{}, failed
	}
	m.Total, _ = list.Total()
	m.At = s.now()
	return m, nil
}

// Sweep reads every entry that was written since a mark, and some more, once
// each. In a log that runs newest first it reads no farther than the mark and a
// page beyond; any other is read to its end. It ends early when visit returns
// false.
func (s *Settler) Sweep(ctx context.Context, since Mark, visit func(api.Movement) bool) error {
	beyond := -1
	return s.walk(ctx, func(entry api.Movement, descends bool) bool {
		if !visit(entry) {
			return false
		}
		if since.Newest != "" && entry.ID == since.Newest || beyond >= 0 {
			beyond++
		}
		return beyond < overread || !descends
	})
}

// Since reads the entries that were written since a time, and some more. In a
// log that runs newest first it stops there; any other is read to its end.
func (s *Settler) Since(ctx context.Context, when time.Time, visit func(api.Movement)) error {
	return s.since(ctx, when, func(entry api.Movement) bool {
		visit(entry)
		return true
	})
}

// since is Since for those who may have seen enough: it ends when visit returns
// false.
func (s *Settler) since(ctx context.Context, when time.Time, visit func(api.Movement) bool) error {
	limit := when.Add(-searchBack)
	if at, known := s.client.ServerTime(when); known {
		limit = at.Add(-searchBack)
	}
	return s.walk(ctx, func(entry api.Movement, descends bool) bool {
		return visit(entry) && (!descends || entry.Timestamp == nil || !entry.Timestamp.Before(limit))
	})
}

// errCut is the error of a log whose end was not seen.
var errCut = errors.New("the log gives the same page again and again, and does not tell how long it is: what it does not show proves nothing")

// walk reads the log from its first page. It tells each time whether the
// entries so far run newest first. A log that ends before visit has seen enough
// must have shown all of itself.
func (s *Settler) walk(ctx context.Context, visit func(entry api.Movement, descends bool) bool) error {
	var previous time.Time
	var ascends, descends bool
	list := s.client.Movements()
	for entry, err := range list.All(ctx) {
		if err != nil {
			return err
		}
		if entry.Timestamp != nil {
			at := entry.Timestamp.Time
			ascends = ascends || !previous.IsZero() && at.After(previous)
			descends = descends || at.Before(previous)
			previous = at
		}
		if !visit(entry, descends && !ascends) {
			return nil
		}
	}
	if !list.Whole() {
		return errCut
	}
	return nil
}
