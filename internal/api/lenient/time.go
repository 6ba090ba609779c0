package lenient

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
)

// localLayout is a date and time without a zone, which some responses have.
const localLayout = "2006-01-02T15:04:05.999999999"

const dateLength = len("2006-01-02")

// layouts returns the formats seen in responses. Java's local date-times leave out the
// seconds if they are zero.
func layouts(zoned bool) []string {
	if zoned {
		return []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04Z07:00"}
	}
	return []string{localLayout, "2006-01-02T15:04", "2006-01-02 15:04:05.999999999"}
}

// Time is a time in a response: RFC 3339, or a local date and time without a zone. Only
// the server knows the zone of the latter.
type Time struct {
	time.Time
	Zoned bool // false: there was no zone, and the fields of Time are in UTC
}

// ParseTime reads either form.
func ParseTime(s string) (Time, error) {
	// A zone shows as a letter or a sign after the date. This check is cheaper than
	// trying the wrong layouts.
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

// UnmarshalJSON reads either form. null and "" become the zero time.
func (t *Time) UnmarshalJSON(b []byte) error {
	s := string(b)
	if s == "null" || s == `""` {
		*t = Time{}
		return nil
	}
	// Dates need no escapes, so the text between the quotes is the value.
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

// Known returns t, or nil if it is the zero time.
func Known(t *Time) *Time {
	if t == nil || t.IsZero() {
		return nil
	}
	return t
}

// Shown returns what to show of a time: nil if there is none, and its text if it has no
// zone, since only the server knows its zone.
func (t *Time) Shown() any {
	switch {
	case t == nil:
		return nil
	case t.Zoned:
		return t.Time
	}
	return t.String()
}
