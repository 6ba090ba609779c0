package ledger

import (
	"fmt"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
)

// decide says what a sweep means for a row: its entry, if it was found, or else
// whether one without a token may be it.
func (d *unsettled) decide(row *pending, entry api.Movement, maybe bool, began time.Time) {
	d.mu.Lock()
	p := d.proofs[carrier(row)]
	d.mu.Unlock()
	switch {
	case entry.ID != "" || settle.TokenOf(entry) == row.Token:
		d.drop(row)
		d.end(row, d.present(row, entry))
	case began.Before(row.doubtAt.Add(d.timeout)):
		row.swept = true // it may still arrive
	case p.broken:
		d.drop(row)
		d.end(row, closed(journal.Held, failure.New(failure.OutcomeUnknown, hiddenTokens+": %w", row.last)))
	case p.token != "" && !p.proven: // the next sweep tells
	case maybe && !p.proven:
		d.drop(row)
		d.end(row, closed(journal.Held, failure.New(failure.OutcomeUnknown, likeThisOne+": %w", row.last)))
	default:
		d.drop(row)
		d.absent(row)
	}
}

func (d *unsettled) drop(row *pending) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.rows, row.Token)
}

func (d *unsettled) present(row *pending, entry api.Movement) verdict {
	if !settle.SameMovement(entry, row.Record, row.Change.Qty) {
		return closed(journal.Held, failure.New(failure.OutcomeUnknown, "its token is in the movement log, but with record %s and quantity %d", entry.InventoryID, entry.QtyChange))
	}
	v := closed(journal.Confirmed, nil)
	v.Message = "found in the movement log"
	return v
}

// absent goes on with a row that was not applied.
func (d *unsettled) absent(row *pending) {
	v := judgeError(row.last, true)
	switch {
	case v.what == ended: // it was refused, and nothing of ours had happened
		d.end(row, v)
	case row.sends >= maxSends:
		d.end(row, unavailable(row))
	default:
		d.mu.Lock()
		d.resent[row.Token] = journal.Intent{Row: row.N, Line: row.Line, Token: row.Token, Record: row.Record, Qty: row.Change.Qty}
		d.mu.Unlock()
		d.resend(d.stop, row)
	}
}

// longestSpoilt is how long a log whose answers are of no use is read again, in
// times of a request.
const longestSpoilt = 4

// unreadable takes a sweep that failed. One that cannot succeed leaves its rows
// held; an API that is away is borne as long as the pacer bears it, and answers
// that are of no use for a while: a list may move too fast to be read.
func (d *unsettled) unreadable(rows []*pending, err error) {
	if d.stop.Err() != nil {
		return
	}
	d.mu.Lock()
	if d.failed.IsZero() {
		d.failed = time.Now()
	}
	away := time.Since(d.failed)
	d.mu.Unlock()
	switch failure.KindOf(err) {
	case failure.Unavailable:
		if away > d.run.env.MaxWait {
			d.halt(fmt.Errorf("reading the movement log: %w", err))
		}
	case failure.Auth:
		d.halt(fmt.Errorf("reading the movement log: %w", err))
	case failure.Unexpected:
		if away > longestSpoilt*d.timeout {
			d.hold(rows, err)
		}
	default:
		d.hold(rows, err)
	}
}

// hold ends rows that a log that cannot be read leaves undecided.
func (d *unsettled) hold(rows []*pending, err error) {
	for _, row := range rows {
		d.drop(row)
		d.end(row, closed(journal.Held, failure.New(failure.OutcomeUnknown, "%w; the movement log cannot be read: %w", row.last, err)))
	}
}
