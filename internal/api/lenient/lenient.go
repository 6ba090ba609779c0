package lenient

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// Int is an integer of an answer, exact over all of int64. A server that
// writes 50.0 or 5e1 means 50; 1.5 and "50" are errors, never rounded.
type Int int64

// UnmarshalJSON reads one number; null never comes here, since every field of
// this type is a pointer.
func (w *Int) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err == nil {
		*w = Int(n)
		return nil
	}
	digits, zeros, found := strings.Cut(string(b), ".")
	if found && strings.Trim(zeros, "0") == "" {
		if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
			*w = Int(n)
			return nil
		}
	}
	// Floats are exact up to 2^53, and only an exponent needs one.
	const exact = 1 << 53
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > exact || !bytes.ContainsAny(b, "eE") {
		return TypeError[int64](b)
	}
	*w = Int(f)
	return nil
}

// Loose is a text that only people read: whatever stands there is taken, a
// value that is not text as its JSON.
type Loose string

// UnmarshalJSON reads any value; null is "".
func (l *Loose) UnmarshalJSON(b []byte) error {
	*l = ""
	if string(b) == "null" {
		return nil
	}
	var s string
	if json.Unmarshal(b, &s) == nil {
		*l = Loose(s)
		return nil
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, b); err != nil {
		return err
	}
	*l = Loose(compact.String())
	return nil
}

// Attributes is a map of texts whose values may arrive as numbers or lists.
// An answer that holds an empty list where it means an empty map is taken, too.
type Attributes map[string]string

// UnmarshalJSON reads the map.
func (a *Attributes) UnmarshalJSON(b []byte) error {
	*a = nil
	if s := string(b); s == "null" || s == "[]" || s == "{}" {
		return nil
	}
	// Nearly all are plain texts, and those are read in a third of the time.
	if json.Unmarshal(b, (*map[string]string)(a)) == nil {
		if len(*a) == 0 {
			*a = nil
		}
		return nil
	}
	*a = nil
	var in map[string]Loose
	if err := json.Unmarshal(b, &in); err != nil {
		return TypeError[map[string]string](b)
	}
	*a = make(Attributes, len(in))
	for name, value := range in {
		(*a)[name] = string(value)
	}
	return nil
}

// Into decodes JSON that is known to be valid. The json package would look all
// of it through once more before it calls a type's own method.
func Into(raw []byte, v any) error {
	if own, ok := v.(json.Unmarshaler); ok {
		return own.UnmarshalJSON(raw)
	}
	return json.Unmarshal(raw, v)
}

// TypeError says that raw is not a T. The json package adds the field's name to
// this error, and only to this one.
func TypeError[T any](raw []byte) error {
	return &json.UnmarshalTypeError{Value: failure.Clip(string(raw), 40), Type: reflect.TypeFor[T]()}
}
