package output

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"
)

// shortTime is the format of times on a terminal, in the local zone.
const shortTime = "2006-01-02 15:04"

// text formats the value of a cell. Times are short and local on a terminal and
// otherwise RFC 3339; maps are compact JSON.
func text(value any, terminal bool) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		return moment(v, terminal)
	case map[string]string:
		return pairs(v)
	}
	rv := reflect.ValueOf(value)
	if rv.Kind() != reflect.Pointer {
		return fmt.Sprint(value)
	}
	if rv.IsNil() {
		return ""
	}
	// The pointer may have the method. That of *time.Time is for debugging
	// only.
	if s, ok := value.(fmt.Stringer); ok && rv.Type() != reflect.TypeFor[*time.Time]() {
		return s.String()
	}
	return text(rv.Elem().Interface(), terminal)
}

func moment(t time.Time, terminal bool) string {
	switch {
	case t.IsZero():
		return ""
	case terminal:
		return t.Local().Format(shortTime)
	}
	return t.Format(time.RFC3339Nano)
}

func pairs(m map[string]string) string {
	if len(m) == 0 {
		return ""
	}
	b, err := encode(nil, m)
	if err != nil { // encoding a map of strings never fails
		return err.Error()
	}
	return string(b)
}

// numeric reports whether such values are right-aligned.
func numeric(value any) bool {
	t := reflect.TypeOf(value)
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t != nil && slices.Contains([]reflect.Kind{reflect.Int64, reflect.Int, reflect.Float64}, t.Kind())
}

// timed reports whether a value is a time.
func timed(value any) bool {
	switch value.(type) {
	case time.Time, *time.Time:
		return true
	}
	return false
}
