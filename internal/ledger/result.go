package ledger

import (
	"errors"

	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/pace"
)

// ErrTooMany stops a run that reaches its error limit.
var ErrTooMany = errors.New("too many rows were refused")

// Result is the result of a session. Counts covers the whole run, including earlier
// sessions.
type Result struct {
	Counts   Counts
	Doubled  []Doubled
	Drifted  int64   // set mode: writes that another movement came between
	Ended    int64   // writes that this session finished
	Seconds  float64 // of this session
	Finished bool    // nothing is left to resume
	Sent     bool    // the run has sent something, in this session or an earlier one
	Remarks  []string
	Pace     pace.Report // the limits of the API that were learnt, and the time spent waiting for it
	// Stopped is why the session ended early, or nil if it did not. Its kind is one that
	// a run may end with.
	Stopped error
	// Unread is why the plan could not be read to its end. Its kind is one that a run may
	// end with.
	Unread error
	// Fault is what makes the account itself unreliable.
	Fault error
}

// Counts holds the number of writes in each state.
type Counts struct {
	Applied      int64 `json:"applied"`
	Confirmed    int64 `json:"confirmed"`
	Already      int64 `json:"already"`
	Skipped      int64 `json:"skipped"`
	Rejected     int64 `json:"rejected"`
	Conflict     int64 `json:"conflict"`
	Invalid      int64 `json:"invalid"`
	Held         int64 `json:"held"`
	NotAttempted int64 `json:"notAttempted"`
	InDoubt      int64 `json:"inDoubt"`
}

// CountsOf converts the counts of a journal.
func CountsOf(s journal.Stats) Counts {
	return Counts{
		s[journal.Applied], s[journal.Confirmed], s[journal.Already], s[journal.Skipped], s[journal.Rejected],
		s[journal.Conflict], s[journal.Invalid], s[journal.Held], s[journal.NotAttempted], s[journal.InDoubt],
	}
}

// decided returns how many writes have a final state.
func decided(s journal.Stats) int64 { return s.Sum() - s[journal.NotAttempted] - s[journal.InDoubt] }
