package movements

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/api/lenient"
	"github.com/bayworks/stockctl/internal/failure"
)

const (
	pageSize = 100
	// overlap is the number of consecutive known entries after which the rest is
	// taken from the copy, if there is no total to compare.
	overlap = 2 * pageSize
	// reportEvery is the number of entries between two reports of progress.
	reportEvery = pageSize
	// maxID is the length above which ids are shortened.
	maxID = 1024
)

// Options determine which log is read and where its copy is kept.
type Options struct {
	Client *api.Client
	Dir    string // for copies; blank: none is kept
	Server string // the base URL: one half of the copy's key
	// Account is the other half if the log has no tenant.
	Account string
	// Progress, if not nil, is called with the number of entries read from the API
	// and their total, or 0 if it is unknown.
	Progress func(read, total int)
}

// Read updates the copy and returns the log. The caller closes it. If the API returns
// only a part of the log, the Log says so; any other failure is an error.
func Read(ctx context.Context, o Options) (*Log, error) {
	r := &reading{Options: o, list: o.Client.Movements().PageSize(pageSize)}
	defer r.close()
	if err := r.read(ctx); err != nil {
		return nil, fmt.Errorf("reading the movement log: %w", err)
	}
	return r.finish()
}

// reading is one pass over the API's log.
type reading struct {
	Options
	list   *api.List[api.Movement]
	tenant string
	spool  *spool
	copy   *storedLog // of an earlier reading; may be nil
	seen   *seen      // the ids of the copy
	order  order

	rows, fresh, run int  // run: consecutive known entries so far
	nameless         bool // there was an entry without an id, so known ones cannot be identified
	early            bool // stopped because the copy has the rest
	short            bool // the API returned only a part
}

func (r *reading) close() {
	if r.copy != nil {
		_ = r.copy.drop() // read-only
	}
}

func (r *reading) read(ctx context.Context) error {
	var err error
	if r.spool, err = r.newSpool(); err != nil {
		return err
	}
	for entry, err := range r.list.All(ctx) {
		if err != nil {
			if !r.part(err) {
				discard(r.spool)
				return err
			}
			r.short = true
			break
		}
		if err := r.add(entry); err != nil {
			discard(r.spool)
			return err
		}
		if r.early = r.known(); r.early {
			break
		}
	}
	r.report()
	return nil
}

// part reports whether the entries read before an error are usable: the API gives a
// larger total than it returns, or refuses older pages.
func (r *reading) part(err error) bool {
	if r.rows == 0 {
		return false
	}
	kind := failure.KindOf(err)
	return errors.Is(err, api.ErrShort) || kind == failure.Refused || kind == failure.NotFound
}

func (r *reading) add(entry api.Movement) error {
	if r.rows++; r.rows == 1 {
		r.tenant = cmp.Or(entry.TenantID, r.Account)
		if err := r.load(); err != nil {
			return err
		}
	}
	m := movementOf(entry)
	r.nameless = r.nameless || m.ID == ""
	known := r.seen != nil && r.seen.meet(m)
	if r.run++; !known {
		r.fresh++
		r.run = 0
	}
	r.order.see(m)
	r.spool.put(m, known)
	if r.rows%reportEvery == 0 {
		r.report()
	}
	return nil
}

func (r *reading) report() {
	if r.Progress == nil {
		return
	}
	total, _ := r.list.Total()
	r.Progress(r.rows, total)
}

// load opens the copy of the store once its tenant is known.
func (r *reading) load() error {
	if r.copy = r.openCopy(r.tenant); r.copy == nil {
		return nil
	}
	r.seen = newSeen()
	if err := r.copy.each(func(m Movement, _ bool) { r.seen.add(m) }); err != nil {
		return err
	}
	r.seen.sort()
	return nil
}

// known reports whether the copy has all further entries. This is only possible if
// the log is known to be sorted from the newest entry to the oldest, and if the copy has
// what the API shows.
func (r *reading) known() bool {
	if r.copy == nil || r.seen.changed || !r.copy.Complete || !r.copy.Sorted || r.run == 0 || r.nameless || !r.order.sorted() {
		return false
	}
	total, stated := r.list.Total()
	inLog := r.copy.Count - r.copy.Gone
	switch {
	case !stated:
		return r.run >= overlap
	case total == inLog+r.fresh:
		return true
	}
	// The API may have dropped old entries that the copy still has.
	return total < inLog+r.fresh && r.run >= overlap
}

// movementOf returns the parts of an entry that are kept.
func movementOf(entry api.Movement) Movement {
	m := Movement{
		ID: clip(entry.ID), RecordID: clip(entry.InventoryID), ProductID: clip(entry.ProductID),
		Action: strings.ToUpper(clip(entry.Action)), Qty: entry.QtyChange,
	}
	at := entry.Timestamp
	if at == nil {
		if t, err := lenient.ParseTime(entry.LogDate); err == nil {
			at = &t
		}
	}
	if at != nil {
		m.At, m.Dated = at.UTC(), true
	}
	return m
}

func clip(text string) string { return text[:min(len(text), maxID)] }

// from returns the time since when no entry is missing from those read.
func (r *reading) from() time.Time {
	switch {
	case r.order.dated == 0:
		return time.Time{}
	case r.short && !r.order.sorted():
		return never()
	}
	return r.order.oldest
}

// never is later than any movement. It means that no part of the log is known to be
// complete.
func never() time.Time { return time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC) }

func discard(s *spool) {
	_ = (&storedLog{file: s.file}).drop() // nothing in it is used
}
