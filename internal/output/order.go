package output

import (
	"bytes"
	"cmp"
	"maps"
	"regexp"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/itchyny/gojq"
)

// keyOrder is where the keys of a JSON text stood first. gojq's objects are maps:
// what it returns has an order again through this.
type keyOrder struct {
	rank  map[string]int
	query string
}

func keysOf(text []byte, query string) keyOrder {
	order := keyOrder{map[string]int{}, query}
	tokens := jsontext.NewDecoder(bytes.NewReader(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		token, err := tokens.ReadToken()
		if err != nil {
			return order // the text has been read as JSON before: this is its end
		}
		// In an object every other text is a key.
		if within, n := tokens.StackIndex(tokens.StackDepth()); within != '{' || n%2 == 0 || token.Kind() != '"' {
			continue
		}
		if _, seen := order.rank[token.String()]; !seen {
			order.rank[token.String()] = len(order.rank)
		}
	}
}

// marshal writes a result of jq: an object of the answer's own keys in their order
// there, one that has others in the order in which the expression names them.
func (o keyOrder) marshal(v any) ([]byte, error) {
	switch v := v.(type) {
	case map[string]any:
		keys := o.sorted(v)
		out := []byte{'{'}
		for i, key := range keys {
			name, err := gojq.Marshal(key)
			if err != nil {
				return nil, err
			}
			value, err := o.marshal(v[key])
			if err != nil {
				return nil, err
			}
			if i > 0 {
				out = append(out, ',')
			}
			out = append(append(append(out, name...), ':'), value...)
		}
		return append(out, '}'), nil
	case []any:
		out := []byte{'['}
		for i, one := range v {
			value, err := o.marshal(one)
			if err != nil {
				return nil, err
			}
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, value...)
		}
		return append(out, ']'), nil
	}
	return gojq.Marshal(v) // unlike encoding/json, it can write infinite
}

func (o keyOrder) sorted(object map[string]any) []string {
	place := func(key string) int { return o.rank[key] }
	for key := range object {
		if _, known := o.rank[key]; known {
			continue
		}
		place = o.named
		break
	}
	return slices.SortedFunc(maps.Keys(object), func(a, b string) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
	})
}

// named is where the expression has a key of an object it makes, as in {key: 1} and
// {key}.
func (o keyOrder) named(key string) int {
	found := regexp.MustCompile(`[{,]\s*[$"]?` + regexp.QuoteMeta(key) + `"?\s*[,:}]`).FindStringIndex(o.query)
	if found == nil {
		return len(o.query)
	}
	return found[0]
}
