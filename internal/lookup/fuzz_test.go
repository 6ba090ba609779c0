package lookup_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
)

// FuzzParseAddress checks that an address survives writing and reading: nothing that
// the user typed is lost or added.
func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"prod_1", "prod_1@LGS-01", "prod_1/sku_1@LGS-01", "p/a/b@w", "a@b@c", "/", "@", "p/@w", "p@", "", `"a/b"@w`, `p/"a@b"@"w w"`, `"a""b"`, `"a`, `"a"b`, `p@"w`} {
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
		again, err := lookup.ParseAddress(a.String())
		if a.ProductID == "" || err != nil || !again.SameAs(a) {
			t.Errorf("%q is %+v, written as %q, and read again as %+v, %v", s, a, a.String(), again, err)
		}
	})
}
