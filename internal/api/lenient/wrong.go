package lenient

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/bayworks/stockctl/internal/api/plain"
)

// Wrong says what is wrong with a response that is valid JSON but not what the API
// documents.
type Wrong string

func (w Wrong) Error() string { return "the API's response " + string(w) }

// Unfit returns the error of a field with the wrong type. The parameter where is the
// entry of a list that has the field.
func Unfit(err error, where string) error {
	var t *json.UnmarshalTypeError
	if !errors.As(err, &t) {
		return Wrong("cannot be read: " + plain.Clean(err.Error()))
	}
	field := strings.TrimSuffix(where+t.Field, ", ")
	if field == "" {
		return Wrong(fmt.Sprintf("is %s instead of %s", named(t.Value), KindName(t.Type)))
	}
	return Wrong(fmt.Sprintf("has %s instead of %s in %s", named(t.Value), KindName(t.Type), field))
}

// named returns a value that was found: its text, or the kind of JSON that it is.
func named(value string) string {
	switch value {
	case "array", "object":
		return "an " + value
	case "number", "string":
		return "a " + value
	}
	return plain.Clean(value)
}
