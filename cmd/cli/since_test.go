package cli

import (
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
)

// FuzzParseSince checks that a duration results in a time in the past, and that every error
// is a usage error.
func FuzzParseSince(f *testing.F) {
	for _, s := range []string{"7d", "12h", "90m", "2026-11-01", "2026-11-01T08:00:00Z", "-1h", "0d", "99999999d", "1e9h", "d", "٣d"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		since, err := ParseSince(s, now)
		if err != nil {
			if failure.KindOf(err) != failure.Usage || !since.IsZero() {
				t.Errorf("%q: %s with %v", s, since, err)
			}
			return
		}
		_, span := time.ParseDuration(s)
		if span == nil && !since.Before(now) {
			t.Errorf("%q is not before now: %s", s, since)
		}
	})
}
