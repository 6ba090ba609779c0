// Package movements reads the complete movement log once and keeps a local copy, so
// that history, forecasts and reports do not have to read every page again. It
// streams entries instead of keeping them in memory.
//
// It prints nothing and changes no stock. It never presents part of a log as the
// complete log: a Log says since when it is complete.
package movements

import "time"

// Movement is one entry of the log, without its free text.
type Movement struct {
	ID        string
	RecordID  string
	ProductID string
	Action    string // upper case
	Qty       int64  // as in the log
	At        time.Time
	Dated     bool // false if the log has no time, and At is zero
}

// Stock returns the changes to the quantities on hand and reserved. Reservations are
// logged with either sign, so only the action matters.
func (m Movement) Stock() (onHand, reserved int64) {
	switch m.Action {
	case "RESERVED":
		return 0, max(m.Qty, -m.Qty)
	case "RELEASED":
		return 0, min(m.Qty, -m.Qty)
	}
	return m.Qty, 0
}
