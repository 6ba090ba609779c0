package lenient

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
)

// localLayout is a date-time without a zone, as some answers hold it.
const localLayout = "2006-01-02T15:04:05.999999999"

const dateLength = len("2006-01-02")

// layouts are what the API is seen to write; Java's local date-times leave out
// the seconds when they are zero.
func layouts(zoned bool) []string {
	if zoned {
		return []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04Z07:00"}
	}
	return []string{localLayout, "2006-01-02T15:04", "2006-01-02 15:04:05.999999999"}
}

// Time is a moment as the API tells it: RFC 3339, or a local date-time without
// a zone, whose place on the clock is known only to the server.
type Time struct {
	time.Time
	Zoned bool // false: no zone was told; the fields of Time read as UTC then
}

// ParseTime reads either form.
func ParseTime(s string) (Time, error) {
	// Of a zone, a letter or a sign stands behind the date; a failed attempt at
	// the wrong layout costs more than this look.
	zoned := len(s) > dateLength && strings.ContainsAny(s[dateLength:], "Zz+-")
	for _, layout := range layouts(zoned) {
		if t, err := time.Parse(layout, s); err == nil {
			return Time{Time: t, Zoned: zoned}, nil
		}
	}
	return Time{}, fmt.Errorf("%q is not a date and time", failure.Clip(s, 40))
}

// String returns RFC 3339, or the local form for a time without a zone.
func (t Time) String() string {
	if t.Zoned {
		return t.Format(time.RFC3339Nano)
	}
	return t.Format(localLayout)
}

// MarshalText writes what String returns.
func (t Time) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads either form.
func (t *Time) UnmarshalText(b []byte) error {
	got, err := ParseTime(string(b))
	if err != nil {
		return err
	}
	*t = got
	return nil
}

// MarshalJSON writes what String returns, as a JSON string.
func (t Time) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// UnmarshalJSON reads either form; null and "" leave the time zero.
func (t *Time) UnmarshalJSON(b []byte) error {
	s := string(b)
	if s == "null" || s == `""` {
		*t = Time{}
		return nil
	}
	// No date needs an escape, so what stands between the quotes is the text.
	if len(s) < 2 || s[0] != '"' {
		return TypeError[Time](b)
	}
	got, err := ParseTime(s[1 : len(s)-1])
	if err != nil {
		return TypeError[Time](b)
	}
	*t = got
	return nil
}

// Known returns nil for a moment that was told as "".
func Known(t *Time) *Time {
	if t == nil || t.IsZero() {
		return nil
	}
	return t
}
