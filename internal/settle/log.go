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
	return "sc1-" + text[:6] + "-" + text[6:18]
}

// search reads the movement log for a token. A log that runs newest first is
// read no farther than the time of sending; any other, to its end.
func (s *Settler) search(ctx context.Context, token string, sent time.Time) (api.Movement, bool, error) {
	limit := sent.Add(-searchBack)
	if at, known := s.client.ServerTime(sent); known {
		limit = at.Add(-searchBack)
	}
	var previous time.Time
	var ascends, descends bool
	for entry, err := range s.client.Movements().All(ctx) {
		if err != nil {
			return api.Movement{}, false, err
		}
		if carries(entry, token) {
			return entry, true, nil
		}
		if entry.Timestamp == nil {
			continue
		}
		at := entry.Timestamp.Time
		switch {
		case previous.IsZero():
		case at.After(previous):
			ascends = true
		case at.Before(previous):
			descends = true
		}
		if descends && !ascends && at.Before(limit) {
			break
		}
		previous = at
	}
	return api.Movement{}, false, nil
}

// carries tells whether an entry is the token's: its reference, or first in
// its notes.
func carries(entry api.Movement, token string) bool {
	return entry.Reference == token || strings.HasPrefix(entry.Notes, "["+token+"]")
}
