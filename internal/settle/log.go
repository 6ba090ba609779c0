package settle

import (
	"context"
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

const (
	// overread is the number of entries to read beyond a watermark, because entries
	// with the same time may be in any order.
	overread = 50
	// widestZone is the maximum offset from UTC of a local time without a zone.
	widestZone = 14 * time.Hour
	// searchBack is how much older than a time an entry must be to stop reading a
	// log sorted newest first: any time zone and a quarter of an hour.
	searchBack = widestZone + 15*time.Minute
	// clockTolerance is how much earlier a time of the server may be than one of
	// ours converted to its clock, as its Date header counts whole seconds.
	clockTolerance = 2 * time.Second
)

// Log reads the movement log of one store.
type Log struct {
	client *api.Client
	now    func() time.Time
	copied []api.Movement // of a copy, what it shows; nil: the API is read
}

// NewLog returns the log of a client's store. The client should wait for a busy API.
func NewLog(client *api.Client) *Log { return &Log{client: client, now: time.Now} }

// Watermark is the end of the movement log at some time. Entries written later come
// after it.
type Watermark struct {
	Newest string    `json:"newest"` // the id of the newest entry; blank for an empty log
	Total  int       `json:"total"`  // number of entries; 0 if the API does not return it
	At     time.Time `json:"at"`     // on our clock, after it was read
}

// Watermark reads the current end of the log.
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

// After visits every entry written since a watermark, and some older ones, once each.
// It reads a log sorted newest first to one page beyond the watermark, and any other
// log to its end. It stops early if visit returns false.
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

// Since visits the entries written since a time, and some older ones. It stops there
// in a log sorted newest first, and reads any other log to its end. It stops early if
// visit returns false.
func (l *Log) Since(ctx context.Context, when time.Time, visit func(api.Movement) bool) error {
	limit := when.Add(-searchBack)
	if at, known := l.client.ServerTime(when); known {
		limit = at.Add(-searchBack)
	}
	return l.walk(ctx, func(entry api.Movement, descends bool) bool {
		return visit(entry) && (!descends || entry.Timestamp == nil || !entry.Timestamp.Before(limit))
	})
}

// Copy reads the log once since a time, and returns a log that shows the entries that
// keep selects, as they were then.
func (l *Log) Copy(ctx context.Context, since time.Time, keep func(api.Movement) bool) (*Log, error) {
	out := &Log{client: l.client, now: l.now, copied: []api.Movement{}}
	err := l.Since(ctx, since, func(entry api.Movement) bool {
		if keep(entry) {
			out.copied = append(out.copied, entry)
		}
		return true
	})
	return out, err
}

// CouldBe reports whether an entry could be a movement without its token: it is like
// the movement and not older than its first send.
func (l *Log) CouldBe(entry api.Movement, lost Lost) bool {
	if !lost.like(entry) {
		return false
	}
	limit, known := l.client.ServerTime(lost.First)
	at := entry.Timestamp
	return !known || at == nil || !at.Zoned || !at.Before(limit.Add(-clockTolerance))
}

// walk reads the log from its first page. descends says whether the entries so far are
// sorted newest first. If the log ends before visit has seen enough, the log must
// have been read completely.
func (l *Log) walk(ctx context.Context, visit func(entry api.Movement, descends bool) bool) error {
	if l.copied != nil {
		for _, entry := range l.copied {
			if !visit(entry, false) {
				break
			}
		}
		return nil
	}
	var previous time.Time
	var ascends, descends bool
	for entry, err := range l.client.Movements().All(ctx) {
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
	return nil
}
