package draft_test

import (
	"encoding/json"
	"maps"
	"testing"
	"unicode/utf8"

	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/stock"
)

// FuzzAttributes checks that accepted variant attributes, in any form, survive
// being written as JSON and parsed again.
func FuzzAttributes(f *testing.F) {
	for _, s := range []string{`Color=Red;Storage=256GB`, `{"Color":"Red"}`, `{"Color":7}`, `Color`, `=Red`, `a=b;a=c`, `{`, `{}`, `a=b;`, ``, `{"a":{"b":1}}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := &draft.Create{}
		d.Set(stock.VariantAttributes, s, "here")
		for _, p := range d.Problems() {
			if p.Field == stock.VariantAttributes && p.What == "" {
				t.Errorf("%q: a problem without a message: %+v", s, p)
			}
		}
		got := d.Request.VariantAttributes
		if len(got) == 0 || !utf8.ValidString(s) {
			return
		}
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		again := &draft.Create{}
		again.Set(stock.VariantAttributes, string(text), "here")
		if !maps.Equal(again.Request.VariantAttributes, got) {
			t.Errorf("%q is %v, and %s is %v", s, got, text, again.Request.VariantAttributes)
		}
	})
}
