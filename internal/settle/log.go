package settle

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

// searchBack is how far before our send an entry of a log that runs newest
// first must lie to end the search: any time zone, and a quarter more.
const searchBack = widestZone + 15*time.Minute

// NewToken returns a token that no other movement carries: "sc1-", 6 and 12
// characters of lower-case base32.
func NewToken() string {
	b := make([]byte, 12)
	rand.Read(b) // never fails, by its contract
	text := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
	return Token(text[:importLength], text[importLength:importLength+rowLength])
}

// search reads the movement log for a token, of a movement sent at a time. A log
// that runs newest first is read no farther than that; any other, to its end.
func (s *Settler) search(ctx context.Context, token string, sent time.Time, like Likeness) (f finding, err error) {
	err = s.since(ctx, sent, func(entry api.Movement) bool {
		if f.is = carries(entry, token); f.is {
			f.entry = entry
		}
		f.perhaps = f.perhaps || s.MayBe(entry, like, sent)
		return !f.is
	})
	return f, err
}

// MayBe tells of an entry that may be a movement, sent at a time, with its token
// left out: it looks like it, carries nothing where the token would stand, and is
// not older.
func (s *Settler) MayBe(entry api.Movement, like Likeness, sent time.Time) bool {
	if !like.fits(entry) {
		return false
	}
	limit, known := s.client.ServerTime(sent)
	at := entry.Timestamp
	return !known || at == nil || !at.Zoned || !at.Before(limit.Add(-clockTolerance))
}

// finding is what a search of the log came to.
type finding struct {
	is    bool
	entry api.Movement // with the token, when it is there
	// perhaps tells of entries that look like the movement and carry nothing
	// where the token would stand: a log may leave out what it does not show.
	perhaps bool
}

// Likeness is what is known of a movement whose answer was lost.
type Likeness struct {
	RecordID string
	Qty      int64 // signed
	InNotes  bool  // its token goes in the notes, since it has a reference
}

// fits tells of an entry that may be the movement with its token left out.
func (l Likeness) fits(entry api.Movement) bool {
	place := entry.Reference
	if l.InNotes {
		place = entry.Notes
	}
	return place == "" && SameMovement(entry, l.RecordID, l.Qty)
}

// carries tells whether an entry is the token's: its reference, or first in
// its notes.
func carries(entry api.Movement, token string) bool {
	return entry.Reference == token || strings.HasPrefix(entry.Notes, "["+token+"]")
}
