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

// keyOrder restores the order of object keys, which gojq loses because its objects are
// maps. rank has the position of each key in the original JSON.
type keyOrder struct {
	rank  map[string]int
	query string
}

// keysOf reads the order of the keys in a JSON text. query is the jq expression.
func keysOf(text []byte, query string) keyOrder {
	order := keyOrder{map[string]int{}, query}
	tokens := jsontext.NewDecoder(bytes.NewReader(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		token, err := tokens.ReadToken()
		if err != nil {
			return order // the text was already read as JSON, so this is its end
		}
		// In an object, every other token at its level is a key.
		if within, n := tokens.StackIndex(tokens.StackDepth()); within != '{' || n%2 == 0 || token.Kind() != '"' {
			continue
		}
		if _, seen := order.rank[token.String()]; !seen {
			order.rank[token.String()] = len(order.rank)
		}
	}
}

// marshal encodes a result of jq. If all keys of an object occur in the original JSON,
// they keep their order there. Otherwise they are in the order in which the expression
// names them.
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
	return gojq.Marshal(v) // unlike encoding/json, it can encode infinity
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

// named returns the position at which the expression names a key of an object that it
// constructs, as in {key: 1} and {key}.
func (o keyOrder) named(key string) int {
	found := regexp.MustCompile(`[{,]\s*[$"]?` + regexp.QuoteMeta(key) + `"?\s*[,:}]`).FindStringIndex(o.query)
	if found == nil {
		return len(o.query)
	}
	return found[0]
}
