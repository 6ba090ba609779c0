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

// Int is an integer in a response, exact for all of int64. 50.0 and 5e1 are read as 50;
// 1.5 and "50" are errors and never rounded.
type Int int64

// UnmarshalJSON reads a number. It never gets null, because all fields of this type are
// pointers.
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
	// Floats are exact up to 2^53. Only exponents need one.
	const exact = 1 << 53
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > exact || !bytes.ContainsAny(b, "eE") {
		return TypeError[int64](b)
	}
	*w = Int(f)
	return nil
}

// Loose is a text that only people read. It accepts any value: one that is not text
// becomes its JSON.
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

// Attributes is a map of texts. Values may also be numbers or lists, and an empty list
// is read as an empty map.
type Attributes map[string]string

// UnmarshalJSON reads the map.
func (a *Attributes) UnmarshalJSON(b []byte) error {
	*a = nil
	if s := string(b); s == "null" || s == "[]" || s == "{}" {
		return nil
	}
	// Nearly all values are texts, and this reads them in a third of the time.
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

// Into decodes JSON that is known to be valid. The json package would validate all of
// it again before calling a type's UnmarshalJSON.
func Into(raw []byte, v any) error {
	if own, ok := v.(json.Unmarshaler); ok {
		return own.UnmarshalJSON(raw)
	}
	return json.Unmarshal(raw, v)
}

// TypeError returns the error for a raw value that is not a T. The json package adds
// the field's name only to this type of error.
func TypeError[T any](raw []byte) error {
	return &json.UnmarshalTypeError{Value: failure.Clip(string(raw), 40), Type: reflect.TypeFor[T]()}
}
