package output

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
)

// Order returns how to compare items by a column, in any case of its name: numbers and
// times by their size, texts without regard to case, and blanks after everything else. A
// minus before the name reverses the order. The error is of the kind failure.Usage.
func Order[T any](v View[T], field string) (func(a, b T) int, error) {
	name, reversed := strings.CutPrefix(field, "-")
	columns := slices.Concat(v.Columns, v.People)
	at := slices.IndexFunc(columns, func(c Column[T]) bool { return strings.EqualFold(c.Name, name) })
	if at < 0 {
		return nil, failure.Usagef("unknown field %q", name).Hint("the fields are %s", strings.Join(Sortable(v), ", "))
	}
	sign := 1
	if reversed {
		sign = -1
	}
	value := columns[at].Value
	return func(a, b T) int {
		x, y := reduced(value(a)), reduced(value(b))
		switch {
		case x == nil && y == nil:
			return 0
		case x == nil:
			return 1
		case y == nil:
			return -1
		}
		return sign * compare(x, y)
	}, nil
}

// Sortable returns the names that Order takes.
func Sortable[T any](v View[T]) []string {
	var out []string
	for _, c := range slices.Concat(v.Columns, v.People) {
		if c.Only == "" && !slices.Contains(out, c.Name) {
			out = append(out, c.Name)
		}
	}
	return out
}

// reduced is the value of a cell without its pointer, integers as int64; nil for blanks.
func reduced(value any) any {
	v := reflect.ValueOf(value)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch {
	case !v.IsValid(), v.Kind() == reflect.Pointer, v.Kind() == reflect.Map && v.Len() == 0, v.Kind() == reflect.String && v.Len() == 0:
		return nil
	case v.CanInt():
		return v.Int()
	}
	return v.Interface()
}

func compare(x, y any) int {
	switch x := x.(type) {
	case int64:
		if y, ok := y.(int64); ok {
			return cmp.Compare(x, y)
		}
	case time.Time:
		if y, ok := y.(time.Time); ok {
			return x.Compare(y)
		}
	case json.Number:
		y, ok := y.(json.Number)
		a, failedA := x.Float64()
		b, failedB := y.Float64()
		if ok && failedA == nil && failedB == nil {
			return cmp.Compare(a, b)
		}
	}
	return cmp.Compare(strings.ToLower(fmt.Sprint(x)), strings.ToLower(fmt.Sprint(y)))
}
