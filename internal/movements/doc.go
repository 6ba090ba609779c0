// Package movements reads the whole movement log once and keeps a local copy, so
// that history, forecasts and reports do not read it again page by page. It
// streams: what a caller does not keep costs no memory.
//
// It prints nothing, changes no stock, and never shows part of a log as the
// whole: a Log says how far back it is complete.
package movements

import "time"

// Movement is one entry of the log, without the texts that people wrote in it.
type Movement struct {
	ID        string
	RecordID  string
	ProductID string
	Action    string // upper case
	Qty       int64  // as the log states it
	At        time.Time
	Dated     bool // false: the log states no time, and At is zero
}

// Stock returns what the movement changed on hand and of what is reserved. A
// reservation is logged with either sign, so the action alone decides.
func (m Movement) Stock() (onHand, reserved int64) {
	switch m.Action {
	case "RESERVED":
		return 0, max(m.Qty, -m.Qty)
	case "RELEASED":
		return 0, min(m.Qty, -m.Qty)
	}
	return m.Qty, 0
}
