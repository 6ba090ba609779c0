package settle

import (
	"context"
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

// Mark is a Watermark.
type Mark = Watermark

// Mark reads where the log ends now.
func (s *Settler) Mark(ctx context.Context) (Watermark, error) { return s.log.Watermark(ctx) }

// Sweep is Log.After.
func (s *Settler) Sweep(ctx context.Context, since Watermark, visit func(api.Movement) bool) error {
	return s.log.After(ctx, since, visit)
}

// Since is Log.Since to its end.
func (s *Settler) Since(ctx context.Context, when time.Time, visit func(api.Movement)) error {
	return s.log.Since(ctx, when, func(entry api.Movement) bool {
		visit(entry)
		return true
	})
}

// Likeness is what is known of a movement whose answer was lost.
type Likeness struct {
	RecordID string
	Qty      int64 // signed
	InNotes  bool  // its token goes in the notes, since it has a reference
}

// MayBe is Log.MayBe.
func (s *Settler) MayBe(entry api.Movement, like Likeness, sent time.Time) bool {
	place := InReference
	if like.InNotes {
		place = InNotes
	}
	return s.log.MayBe(entry, Lost{Record: like.RecordID, Qty: like.Qty, Place: place, First: sent})
}

// SameMovement reports whether an entry is about the record and of the size that
// was sent.
func SameMovement(entry api.Movement, recordID string, qty int64) bool {
	return Lost{Record: recordID, Qty: qty}.same(entry)
}
