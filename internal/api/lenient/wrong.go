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
		return Wrong(fmt.Sprintf("is %s where %s belongs", plain.Clean(t.Value), KindName(t.Type)))
	}
	return Wrong(fmt.Sprintf("has %s in %s, where %s belongs", plain.Clean(t.Value), field, KindName(t.Type)))
}
