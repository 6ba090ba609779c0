package stock_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

func TestParseAddress(t *testing.T) {
	for text, want := range map[string]stock.Address{
		"p":                  {Product: "p"},
		"p/s":                {Product: "p", SKU: "s"},
		"p@w":                {Product: "p", Warehouse: "w"},
		"p/s@w":              {Product: "p", SKU: "s", Warehouse: "w"},
		`"a/b@c"@"w ""1"""`:  {Product: "a/b@c", Warehouse: `w "1"`},
		`"Red Kettle"/"s/1"`: {Product: "Red Kettle", SKU: "s/1"},
	} {
		got, err := stock.ParseAddress(text)
		if err != nil || got.Address != want {
			t.Errorf("%q: got %+v, %v; want %+v", text, got, err, want)
		}
		if got.String() != text {
			t.Errorf("%q is written as %q", text, got)
		}
	}
	// Quotes are only needed if the address is ambiguous without them.
	for text, want := range map[string]string{
		"p/s/1@w":       `p/"s/1"@w`,
		"p@Main @2":     `"p@Main "@2`,
		"Red Kettle@w":  `"Red Kettle"@w`,
		`a"b@w`:         `"a""b"@w`,
		`"p"/s@w`:       "p/s@w",
		"p@Lagos Main":  `p@"Lagos Main"`,
		"Überkanne@HRB": "Überkanne@HRB",
	} {
		got, err := stock.ParseAddress(text)
		if err != nil || got.String() != want {
			t.Errorf("%q: got %q, %v; want %q", text, got.String(), err, want)
		}
	}
	for _, text := range []string{"", "@w", "p@", "p/", "/s", "p/@w", `"p`, `""`, `"p"x`, `p/"s`, `p@"w`, `"a"b/c@w`} {
		if a, err := stock.ParseAddress(text); failure.KindOf(err) != failure.Usage {
			t.Errorf("%q: got %+v, %v, want a usage error", text, a, err)
		}
	}
}

func TestAddressAsItIsTyped(t *testing.T) {
	for want, a := range map[string]stock.Address{
		"Big Box@HRB":    {Product: "Big Box", Warehouse: "HRB"},
		`"A/B"@HRB`:      {Product: "A/B", Warehouse: "HRB"},
		"A@B@HRB":        {Product: "A@B", Warehouse: "HRB"},
		"p/RED@HRB":      {Product: "p", SKU: "RED", Warehouse: "HRB"},
		`"""Q"@HRB`:      {Product: `"Q`, Warehouse: "HRB"},
		"KET-RED@Hall 2": {Product: "KET-RED", Warehouse: "Hall 2"},
	} {
		got := a.Short()
		if back, err := stock.ParseAddress(got); got != want || back.Address != a || err != nil {
			t.Errorf("%+v: %s, want %s; read back %+v, %v", a, got, want, back, err)
		}
	}
}

// FuzzParseAddress checks that an address survives writing and reading: nothing that
// the user typed is lost or added.
func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"prod_1", "prod_1@LGS-01", "prod_1/sku_1@LGS-01", "p/a/b@w", "a@b@c", "/", "@", "p/@w", "p@", "", `"a/b"@w`, `p/"a@b"@"w w"`, `"a""b"`, `"a`, `"a"b`, `p@"w`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := stock.ParseAddress(s)
		if err != nil {
			if failure.KindOf(err) != failure.Usage || a != (stock.TypedAddress{}) {
				t.Errorf("%q: %+v with %v", s, a, err)
			}
			return
		}
		again, err := stock.ParseAddress(a.String())
		if a.Product == "" || err != nil || again.Address != a.Address {
			t.Errorf("%q is %+v, written as %q, and read again as %+v, %v", s, a, a.String(), again, err)
		}
	})
}
