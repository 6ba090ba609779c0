package settle

import (
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

// Lost is a movement whose answer was lost, as the log is searched for it.
type Lost struct {
	Token  string
	Record string
	Qty    int64 // signed
	Place  Place // where it carries its token
	// Reference is its own, where it has one and it is known.
	Reference string

	First   time.Time // when it was sent first, by our clock
	Arrives time.Time // from then on nothing of it can be under way any more
}

// Place is where a movement carries its token.
type Place int

// The two places.
const (
	InReference Place = iota
	InNotes
)

// PlaceOf is where the token of a movement with this reference of its own goes.
func PlaceOf(reference string) Place {
	if reference == "" {
		return InReference
	}
	return InNotes
}

// PlaceIn is where an entry of the log carries its token.
func PlaceIn(entry api.Movement, token string) Place {
	if entry.Reference == token {
		return InReference
	}
	return InNotes
}

// Same reports whether an entry is about the record and of the size that was
// sent. The sign and the action are left out: the dialects differ in both. A log
// that leaves the record out says nothing about it.
func (l Lost) Same(entry api.Movement) bool {
	return (entry.InventoryID == "" || entry.InventoryID == l.Record) && (entry.QtyChange == l.Qty || entry.QtyChange == -l.Qty)
}

// like reports whether an entry may be the movement with its token left out: it
// is of the same record and size, carries nothing where the token would be, and
// no reference that the movement does not have.
func (l Lost) like(entry api.Movement) bool {
	bare := entry.Reference == ""
	if l.Place == InNotes {
		bare = entry.Notes == "" && (entry.Reference == "" || l.Reference == "" || entry.Reference == l.Reference)
	}
	return bare && l.Same(entry)
}
