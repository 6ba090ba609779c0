package journal

import (
	"fmt"
	"strings"
)

// State is the state of a row of a file.
type State uint8

// The states. All but Held, NotAttempted and InDoubt are final: a row in a final state
// is never touched again.
const (
	Applied      State = iota // the API accepted it
	Confirmed                 // the response was lost, but the change was found to have been made
	Already                   // it existed before
	Skipped                   // left out on request
	Rejected                  // the API refused it
	Conflict                  // the existing data differs from what was asked for
	Invalid                   // the row cannot be sent
	Held                      // it could not be determined whether it was applied
	NotAttempted              // the run was stopped before it
	InDoubt                   // the run was stopped before its outcome was known
	states
)

// names returns the names of the states in the journal and in summaries.
func names() [states]string {
	return [states]string{
		"applied", "confirmed", "already", "skipped", "rejected", "conflict",
		"invalid", "held", "notAttempted", "inDoubt",
	}
}

// String returns the name of the state in journals and summaries.
func (s State) String() string {
	if s >= states {
		return "unknown"
	}
	return names()[s]
}

// Final reports whether a row in this state needs nothing more.
func (s State) Final() bool { return s < Held }

// parseState parses the name of a state that an outcome may have.
func parseState(text string) (State, bool) {
	for s, name := range names() {
		if name == text && State(s) <= Held {
			return State(s), true
		}
	}
	return 0, false
}

// Stats holds the number of rows in each state.
type Stats [states]int64

// Sum returns the number of rows that have a state.
func (s Stats) Sum() (n int64) {
	for _, count := range s {
		n += count
	}
	return n
}

// Check verifies that every row has exactly one state: it compares the number of rows
// read with the counted states, and those with the journal as read back. An error
// contains the numbers that differ.
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

// String lists the states that have rows, with their numbers.
func (s Stats) String() string {
	var parts []string
	for state, n := range s {
		if n != 0 {
			parts = append(parts, fmt.Sprintf("%s %d", State(state), n))
		}
	}
	return strings.Join(parts, ", ")
}
