package cli

import (
	"strconv"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
)

// maxDays is the maximum duration, a hundred years.
const maxDays = 36500

// ParseSince parses a duration before now, or a time. A date means midnight in the local
// zone.
func ParseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if days, ok := parseDays(text); ok {
		return now.AddDate(0, 0, -days), nil
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
	return time.Time{}, failure.Usagef("--since %q is not a time: write 90m, 12h, 7d, 4w, 2026-11-01 or 2026-11-01T08:00:00Z", text)
}

// ParsePast is ParseSince for commands that show what happened up to now, for which a time
// in the future is a mistake.
func ParsePast(text string, now time.Time) (time.Time, error) {
	since, err := ParseSince(text, now)
	if err == nil && !since.Before(now) {
		err = failure.Usagef("--since %q is not in the past", text)
	}
	return since, err
}

// ParseDays parses a number of days for a flag, such as 14d or 2w.
func ParseDays(flag, text string) (int, error) {
	if days, ok := parseDays(text); ok {
		return days, nil
	}
	return 0, failure.Usagef("--%s %q is not a number of days: write 14d or 2w", flag, text)
}

func parseDays(text string) (int, bool) {
	each := 1
	number, ok := strings.CutSuffix(text, "d")
	if !ok {
		each = 7
		if number, ok = strings.CutSuffix(text, "w"); !ok {
			return 0, false
		}
	}
	n, err := strconv.Atoi(number)
	return n * each, err == nil && n > 0 && n <= maxDays/each
}
