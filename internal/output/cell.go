package output

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"
)

// shortTime is a time on a terminal, in the reader's zone.
const shortTime = "2006-01-02 15:04"

// text writes a cell's value. On a terminal times are short and local; else
// they are RFC 3339.
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
		if v.IsZero() {
			return ""
		}
		if terminal {
			return v.Local().Format(shortTime)
		}
		return v.Format(time.RFC3339Nano)
	case map[string]string:
		if len(v) == 0 {
			return ""
		}
		b, err := json.Marshal(v) // sorts the keys; a map of strings always marshals
		if err != nil {
			return err.Error()
		}
		return string(b)
	}
	if rv := reflect.ValueOf(value); rv.Kind() == reflect.Pointer {
		if rv.IsNil() {
			return ""
		}
		return text(rv.Elem().Interface(), terminal)
	}
	return fmt.Sprint(value)
}

// numeric tells whether a column of such values is aligned to the right.
func numeric(value any) bool {
	t := reflect.TypeOf(value)
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t != nil && (t.Kind() == reflect.Int64 || t.Kind() == reflect.Int)
}
