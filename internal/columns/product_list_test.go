package columns

import (
	"slices"
	"testing"

	"github.com/bayworks/stockctl/internal/stock"
)

// The item of a barcode is written as an address: an id with a slash is in quotes.
func TestTheItemOfABarcode(t *testing.T) {
	known := newProductList()
	put(known.ids, "c/d", stock.Address{Product: "c/d"})
	known.code("E/F", stock.Address{Product: "e", SKU: "f"})
	for text, want := range map[string]stock.Address{
		"a":         {Product: "a"},
		"a/b":       {Product: "a", SKU: "b"},
		`"a/b"`:     {Product: "a/b"},
		`"a/b"/"c"`: {Product: "a/b", SKU: "c"},
		"c/d":       {Product: "c/d"},
		"e/f":       {Product: "e", SKU: "f"},
		"a@b":       {Product: "a@b"},
	} {
		if got := known.address(text); !slices.Equal(got, []stock.Address{want}) {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}
