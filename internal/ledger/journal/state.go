package journal

import (
	"fmt"
	"strings"
)

// State is what a row of a file has come to.
type State uint8

// The states. All but Held, NotAttempted and InDoubt are final: a row that has
// one is never touched again.
const (
	Applied      State = iota // the API said yes
	Confirmed                 // the answer was lost; the change was found to be made
	Already                   // it stood before
	Skipped                   // left out on request
	Rejected                  // the API refused it
	Conflict                  // what stands differs from what was asked
	Invalid                   // the row cannot be sent
	Held                      // it could not be decided whether it was applied
	NotAttempted              // the run was stopped before it
	InDoubt                   // the run was stopped while its outcome was open
	states
)

// names are the states as the journal and the summaries write them.
func names() [states]string {
	return [states]string{
		"applied", "confirmed", "already", "skipped", "rejected", "conflict",
		"invalid", "held", "notAttempted", "inDoubt",
	}
}

// String returns the state's name in journals and summaries.
func (s State) String() string {
	if s >= states {
		return "unknown"
	}
	return names()[s]
}

// Final tells whether a row in this state is done with for good.
func (s State) Final() bool { return s < Held }

// parseState reads what String wrote. Only what an outcome may hold is taken.
func parseState(text string) (State, bool) {
	for s, name := range names() {
		if name == text && State(s) <= Held {
			return State(s), true
		}
	}
	return 0, false
}

// Stats counts rows by state.
type Stats [states]int64

// Sum is the number of rows that have a state.
func (s Stats) Sum() (n int64) {
	for _, count := range s {
		n += count
	}
	return n
}

// Check holds the rule that every row has exactly one state: the rows that were
// read against the states that were counted, and those against the journal read
// back. A mismatch is an error that names the numbers.
func (s Stats) Check(rows int64, kept Stats) error {
	if s.Sum() != rows {
		return fmt.Errorf("%d rows were read, but %d have a state (%s)", rows, s.Sum(), s)
	}
	for state := Applied; state <= Held; state++ {
		if s[state] != kept[state] {
			return fmt.Errorf("%d rows are counted as %s, but the journal has %d", s[state], state, kept[state])
		}
	}
	return nil
}

// String lists the states that have rows.
func (s Stats) String() string {
	var parts []string
	for state, n := range s {
		if n != 0 {
			parts = append(parts, fmt.Sprintf("%s %d", State(state), n))
		}
	}
	return strings.Join(parts, ", ")
}
