package settle

import (
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

// Lost is a movement whose response was lost, with what is needed to find it in the
// log.
type Lost struct {
	Token  string
	Record string
	Qty    int64 // signed
	Place  Place // the field with its token
	// Reference is the movement's own reference, if it has one and it is known.
	Reference string

	First   time.Time // the first send, on our clock
	Arrives time.Time // the time after which it can no longer arrive
}

// Place is the field of a movement that contains its token.
type Place int

// The two places.
const (
	InReference Place = iota
	InNotes
)

// PlaceOf returns the place for the token of a movement with this reference.
func PlaceOf(reference string) Place {
	if reference == "" {
		return InReference
	}
	return InNotes
}

// PlaceIn returns the place of the token in an entry of the log.
func PlaceIn(entry api.Movement, token string) Place {
	if entry.Reference == token {
		return InReference
	}
	return InNotes
}

// Same reports whether an entry has the record and quantity that were sent. It ignores
// the sign and the action, which differ between dialects, and the record if the log
// omits it.
func (l Lost) Same(entry api.Movement) bool {
	return (entry.InventoryID == "" || entry.InventoryID == l.Record) && (entry.QtyChange == l.Qty || entry.QtyChange == -l.Qty)
}

// like reports whether an entry could be the movement without its token: it has the
// same record and quantity, an empty field for the token, and no reference other than
// that of the movement.
func (l Lost) like(entry api.Movement) bool {
	bare := entry.Reference == ""
	if l.Place == InNotes {
		bare = entry.Notes == "" && (entry.Reference == "" || l.Reference == "" || entry.Reference == l.Reference)
	}
	return bare && l.Same(entry)
}
