package settle

import (
	"errors"
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
)

// Conclusion is what the log says about a movement whose response was lost.
type Conclusion int

// The conclusions.
const (
	Undecided Conclusion = iota // it may still arrive, or it is unknown whether the log returns tokens
	Confirmed                   // it was applied
	Absent                      // it was not applied and may be sent again with the same token
	Held                        // the log does not show whether it was applied; it must not be sent again
)

// Sighting is what one reading of the log has shown about one movement.
type Sighting struct {
	Found     bool         // an entry carries its token
	Other     bool         // but with another record or quantity
	Entry     api.Movement // that entry, if it was kept
	Times     int          // number of entries with the token in the part of the log that was read
	Lookalike bool         // an entry without a token may be this movement
	Final     bool         // it could no longer arrive when the reading began
	Place     Shown        // whether the log returns tokens in the field that has its token
}

// Shown is whether the log returns the tokens in one place.
type Shown int

// What is known about a place.
const (
	NotTested Shown = iota // no movement with a token there was accepted
	Awaited                // one was accepted, and the log does not have it yet
	Proven                 // the log has returned a token there
	Hidden                 // one was accepted, but the log does not show its token
)

var (
	errHidden    = errors.New("the movement log does not return tokens, so it is unknown whether it was applied")
	errLookalike = errors.New("the movement log contains a similar movement without a token, which may be this one")
)

// Conclude contains the rules by which every movement in doubt is settled, whether
// it belongs to an import, a count or a transfer, or is a single command. The error says
// why a movement is held.
func (s Sighting) Conclude() (Conclusion, error) {
	if s.Found && !s.Other {
		return Confirmed, nil
	}
	if s.Found {
		return Held, s.mismatch()
	}
	if !s.Final {
		return Undecided, nil
	}
	switch s.Place {
	case Hidden:
		return Held, errHidden
	case Awaited:
		return Undecided, nil
	case NotTested:
		if s.Lookalike {
			return Held, errLookalike
		}
	}
	return Absent, nil
}

// mismatch describes an entry that has the token of another movement.
func (s Sighting) mismatch() error {
	if s.Entry.ID == "" {
		return errors.New("its token is in the movement log with another record or quantity")
	}
	return fmt.Errorf("its token is in the movement log, but with record %s and quantity %d", s.Entry.InventoryID, s.Entry.QtyChange)
}
