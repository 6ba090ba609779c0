package settle

import (
	"errors"
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
)

// Conclusion is what the log says about a movement whose answer was lost.
type Conclusion int

// The conclusions.
const (
	Undecided Conclusion = iota // it may still arrive, or the log has not shown yet what it can show
	Confirmed                   // it was applied
	Absent                      // it was not applied: it may be sent again, under the same token
	Held                        // the log cannot tell: it must not be sent again
)

// Sighting is what one reading of the log has shown of one movement.
type Sighting struct {
	Found     bool         // an entry carries its token
	Other     bool         // that entry is of another record or size
	Entry     api.Movement // that entry, where it is kept
	Times     int          // how many entries carry the token, as far as the log was read
	Lookalike bool         // an entry without a token may be it
	Final     bool         // nothing of it could be under way when the reading began
	Place     Shown        // what is known of the place where it carries its token
}

// Shown is whether the log brings back the tokens of one place.
type Shown int

// What can be known of a place.
const (
	NotTested Shown = iota // no movement was accepted with its token there
	Awaited                // one was, and the log does not hold it yet
	Proven                 // the log has shown a token there
	Hidden                 // one was accepted, and the log does not show it
)

var (
	errHidden    = errors.New("the movement log does not bring tokens back, so it cannot be told whether it was applied")
	errLookalike = errors.New("the movement log holds a movement like this one without a token, which may be this one")
)

// Conclude is the one list of rules by which every movement in doubt is settled:
// that of a file, of a count, half a transfer, or a single one. The error says
// why one is held.
func (s Sighting) Conclude() (Conclusion, error) {
	switch {
	case s.Found && s.Other && s.Entry.ID == "":
		return Held, errors.New("its token is in the movement log with another record or quantity")
	case s.Found && s.Other:
		return Held, fmt.Errorf("its token is in the movement log, but with record %s and quantity %d", s.Entry.InventoryID, s.Entry.QtyChange)
	case s.Found:
		return Confirmed, nil
	case !s.Final:
		return Undecided, nil
	case s.Place == Hidden:
		return Held, errHidden
	case s.Place == Awaited:
		return Undecided, nil
	case s.Lookalike && s.Place != Proven:
		return Held, errLookalike
	}
	return Absent, nil
}
