package ledger

import (
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
)

// lost returns the row in the form in which the log is searched for it.
func (r *pending) lost(timeout time.Duration) settle.Lost {
	own := r.Change.Reference
	return settle.Lost{
		Token: r.Token, Record: r.Record, Qty: r.Change.Qty, Place: settle.PlaceOf(own), Reference: own,
		First: r.first, Arrives: r.doubtAt.Add(timeout),
	}
}

// resolve queues a row whose response was lost until the log shows whether it was
// applied.
func (a *adjuster) resolve(row *pending) {
	a.unsettled.Add(row.lost(a.reader.Timeout()), func(d settle.Decision) { a.settled(row, d) })
}

// settled acts on what the log shows for a row.
func (a *adjuster) settled(row *pending, d settle.Decision) {
	switch d.Conclusion {
	case settle.Confirmed:
		a.rows.end(row, foundInLog())
	case settle.Absent:
		a.absent(row)
	case settle.Held:
		a.rows.end(row, closed(journal.Held, failure.New(failure.OutcomeUnknown, "%w: %w", d.Reason, row.last)))
	default: // the run stops
		a.rows.leave(row)
	}
}

func foundInLog() verdict {
	return verdict{what: ended, Outcome: Outcome{State: journal.Confirmed, Message: "found in the movement log"}}
}

// absent continues with a row that was not applied.
func (a *adjuster) absent(row *pending) {
	v := judgeError(row.last, true)
	if v.what == ended { // refused, and no earlier attempt was applied
		a.rows.end(row, v)
		return
	}
	if row.sends >= maxSends {
		a.rows.end(row, unavailable(row))
		return
	}
	a.resent[row.Token] = journal.Intent{Row: row.N, Line: row.Line, Token: row.Token, Record: row.Record, Qty: row.Change.Qty}
	a.resend(row)
}

// remarks reports the fields in which the log does not show the tokens.
func (a *adjuster) remarks() (out []string) {
	for _, where := range a.unsettled.PlacesWithoutTokens() {
		out = append(out, "the movement log does not show the "+where+" of a movement: rows in doubt could not be settled")
	}
	return out
}

// newUnsettled returns an empty set of movements in doubt.
func newUnsettled(reader *api.Client, since settle.Watermark) *settle.Unsettled {
	return settle.NewUnsettled(settle.Options{Log: settle.NewLog(reader), Timeout: reader.Timeout(), Watermark: &since})
}
