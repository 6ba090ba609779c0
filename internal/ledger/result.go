package ledger

import (
	"errors"

	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/pace"
)

// ErrTooMany stops a run at its limit of errors.
var ErrTooMany = errors.New("too many rows were refused")

// Result is what a run has come to. Counts are those of the whole run, earlier
// sessions included.
type Result struct {
	Counts   Counts
	Doubled  []Doubled
	Drifted  int64   // set: writes that another movement came between
	Ended    int64   // writes that this session brought to an end
	Seconds  float64 // of this session
	Finished bool    // nothing is left for a resume
	Remarks  []string
	Pace     pace.Report // what was learnt of the limits of the API, and what they cost
	// Stopped is why the session ended before the plan; nil: it did not.
	Stopped error
	// Unread is why the plan could not be read to its end.
	Unread error
	// Fault is what makes the account itself unreliable.
	Fault error
}

// Counts are the writes by state.
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

// CountsOf names the numbers of a journal.
func CountsOf(s journal.Stats) Counts {
	return Counts{
		s[journal.Applied], s[journal.Confirmed], s[journal.Already], s[journal.Skipped], s[journal.Rejected],
		s[journal.Conflict], s[journal.Invalid], s[journal.Held], s[journal.NotAttempted], s[journal.InDoubt],
	}
}

// decided is how many writes have come to an end.
func decided(s journal.Stats) int64 { return s.Sum() - s[journal.NotAttempted] - s[journal.InDoubt] }
