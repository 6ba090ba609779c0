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

// search reads the movement log for a token. A log that runs newest first is
// read no farther than the time of sending; any other, to its end.
func (s *Settler) search(ctx context.Context, token string, sent time.Time) (found api.Movement, is bool, err error) {
	err = s.since(ctx, sent, func(entry api.Movement) bool {
		if is = carries(entry, token); is {
			found = entry
		}
		return !is
	})
	return found, is && err == nil, err
}

// carries tells whether an entry is the token's: its reference, or first in
// its notes.
func carries(entry api.Movement, token string) bool {
	return entry.Reference == token || strings.HasPrefix(entry.Notes, "["+token+"]")
}
