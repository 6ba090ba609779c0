package lenient

import (
	"encoding/json"
	"reflect"
)

// KindName returns the name of a Go type for readers of JSON.
func KindName(t reflect.Type) string {
	if t == reflect.TypeFor[Time]() {
		return "a date and time"
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.String:
		if t == reflect.TypeFor[json.Number]() {
			return "a number"
		}
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Map:
		return "a map of texts"
	}
	return "an object"
}
