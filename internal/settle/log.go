package settle

import (
	"context"
	"errors"
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

const (
	// overread is how many entries beyond a watermark are read: entries of one
	// moment may be in any order.
	overread = 50
	// widestZone is the farthest a local time without a zone can lie from UTC.
	widestZone = 14 * time.Hour
	// searchBack is how far before a time an entry of a log that runs newest
	// first must lie to end the reading: any time zone, and a quarter more.
	searchBack = widestZone + 15*time.Minute
	// clockTolerance is how much a time of the server may lie before one of ours
	// by its clock, whose Date header counts whole seconds.
	clockTolerance = 2 * time.Second
)

// Log reads the movement log of one store.
type Log struct {
	client *api.Client
	now    func() time.Time
}

// NewLog returns the log that a client reads. The client should be one that
// waits for a busy API.
func NewLog(client *api.Client) *Log { return &Log{client: client, now: time.Now} }

// Watermark is where the movement log ended at some time: what is sent later
// comes after it.
type Watermark struct {
	Newest string    `json:"newest"` // the id of the newest entry; blank for an empty log
	Total  int       `json:"total"`  // entries, where the API tells; else 0
	At     time.Time `json:"at"`     // by our clock, after it was read
}

// Watermark reads where the log ends now.
func (l *Log) Watermark(ctx context.Context) (Watermark, error) {
	list := l.client.Movements()
	var w Watermark
	var failed error
	list.All(ctx)(func(entry api.Movement, err error) bool {
		w.Newest, failed = entry.ID, err
		return false
	})
	if failed != nil {
		return Watermark{}, failed
	}
	w.Total, _ = list.Total()
	w.At = l.now()
	return w, nil
}

// After reads every entry that was written since a watermark, and some more, once
// each. In a log that runs newest first it reads no farther than the watermark and
// a page beyond; any other is read to its end. It ends early when visit returns
// false.
func (l *Log) After(ctx context.Context, since Watermark, visit func(api.Movement) bool) error {
	beyond := -1
	return l.walk(ctx, func(entry api.Movement, descends bool) bool {
		if !visit(entry) {
			return false
		}
		if since.Newest != "" && entry.ID == since.Newest || beyond >= 0 {
			beyond++
		}
		return beyond < overread || !descends
	})
}

// Since reads the entries that were written since a time, and some more. In a log
// that runs newest first it stops there; any other is read to its end. It ends
// early when visit returns false.
func (l *Log) Since(ctx context.Context, when time.Time, visit func(api.Movement) bool) error {
	limit := when.Add(-searchBack)
	if at, known := l.client.ServerTime(when); known {
		limit = at.Add(-searchBack)
	}
	return l.walk(ctx, func(entry api.Movement, descends bool) bool {
		return visit(entry) && (!descends || entry.Timestamp == nil || !entry.Timestamp.Before(limit))
	})
}

// MayBe reports whether an entry may be a movement with its token left out: it is
// like it, and not older than its first sending.
func (l *Log) MayBe(entry api.Movement, lost Lost) bool {
	if !lost.like(entry) {
		return false
	}
	limit, known := l.client.ServerTime(lost.First)
	at := entry.Timestamp
	return !known || at == nil || !at.Zoned || !at.Before(limit.Add(-clockTolerance))
}

// errCut is the error of a log whose end was not seen.
var errCut = errors.New("the log gives the same page again and again, and does not tell how long it is: what it does not show proves nothing")

// walk reads the log from its first page. It tells each time whether the entries
// so far run newest first. A log that ends before visit has seen enough must have
// shown all of itself.
func (l *Log) walk(ctx context.Context, visit func(entry api.Movement, descends bool) bool) error {
	var previous time.Time
	var ascends, descends bool
	list := l.client.Movements()
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
