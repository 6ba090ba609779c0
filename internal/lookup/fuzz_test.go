package lookup_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
)

// FuzzParseAddress holds that an address is written as it was read: nothing of
// what the user typed is lost or added.
func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"prod_1", "prod_1@LGS-01", "prod_1/sku_1@LGS-01", "p/a/b@w", "a@b@c", "/", "@", "p/@w", "p@", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := lookup.ParseAddress(s)
		if err != nil {
			if failure.KindOf(err) != failure.Usage || a != (lookup.Address{}) {
				t.Errorf("%q: %+v with %v", s, a, err)
			}
			return
		}
		if a.ProductID == "" || a.String() != s {
			t.Errorf("%q is written as %q", s, a.String())
		}
	})
}
