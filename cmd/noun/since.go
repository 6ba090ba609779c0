package noun

import (
	"strconv"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
)

// ParseSince reads a span back from now, or a point in time. A date alone is
// midnight in the reader's zone.
func ParseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n > 0 && n <= 36500 {
			return now.AddDate(0, 0, -n), nil
		}
	}
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return now.Add(-d), nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, text, time.Local); err == nil {
		return t, nil
	}
	return time.Time{}, failure.Usagef("--since %q is no time: write 90m, 12h, 7d, 2026-11-01 or 2026-11-01T08:00:00Z", text)
}
