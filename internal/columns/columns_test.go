package columns

import (
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
)

// FuzzColumns checks the mapping of headers: every column gets one place, no field gets
// two columns, and a mistake names its column. Headers that come later, as in JSON, are
// mapped as if they had been there from the start.
func FuzzColumns(f *testing.F) {
	for _, s := range []string{
		"productId,warehouseId,initialQty", "Product ID,product_id", "qty", "quantity,inventoryId", "variantAttributes.Color,variantAttributes.", "_n,_line",
		"sku,skuId,SKU", "\ufeffproductId", ",,", "reservedQty,warehouseName", "prodId",
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, text string, unknown bool) {
		header := strings.Split(text, ",")
		for _, mode := range []Mode{Create, Adjust, Set} {
			o := &Reading{Mode: mode, IgnoreUnknown: unknown}
			c := newMapping(o)
			asked := -1
			where := func(column int) string {
				asked = column
				return "here"
			}
			problems := c.MapHeader(header, where)
			taken := map[int]bool{}
			for i, place := range c.target {
				switch {
				case place == unmapped:
				case place < 0 || place >= len(c.fields):
					t.Fatalf("%s: column %d is mapped to %d", mode, i, place)
				case taken[place]:
					t.Fatalf("%s: %s has two columns of %q", mode, c.fields[place], header)
				default:
					taken[place] = true
				}
			}
			if len(c.target) != len(header) || asked >= len(header) {
				t.Fatalf("%s: %d columns of %d", mode, len(c.target), len(header))
			}
			for _, p := range problems {
				if p.Where != "here" || !contains(header, p.Field) || p.What == "" {
					t.Errorf("%s: %+v names no column of %q", mode, p, header)
				}
			}
			later := newMapping(o)
			var grown []failure.Problem
			for i := range header {
				grown = append(grown, later.MapHeader(header[:i+1], where)...)
			}
			if len(grown) != len(problems) {
				t.Errorf("%s: %d problems together, %d one by one", mode, len(problems), len(grown))
			}
		}
	})
}

func contains(header []string, name string) bool {
	for _, h := range header {
		if h == name || strings.TrimSpace(h) == name {
			return true
		}
	}
	return false
}

// A number with a unit, or with its sign at the end, is reported with the flag that reads
// it. A sign that makes it a different number is not.
func TestWithUnit(t *testing.T) {
	const read = "contains more than a number: read it with --value "
	for text, want := range map[string]string{
		"12 pcs": read + "'qty:* pcs=*'", "-2 pcs": read + "'qty:* pcs=*'", "1,250 Stk.": read + "'qty:* Stk.=*'", "45%": read + "'qty:*%=*'",
		"(3)": read + "'qty:(*)=-*'", "3-": read + "'qty:*-=-*'",
		"12": "", "-12": "", "12.": "", "1 250": "", "1e3": "", "9.7E+12": "", "> 100": "", "~12": "", "€12": "", "2026-11-28": "",
		"١٢": "", "12 pcs of 3": "", "pcs": "", "12 *": "", "12 a:b": "", "": "",
	} {
		if got := withUnit("qty", text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Thousands may be grouped by any usual sign, if the decimal sign is known.
func TestUngrouped(t *testing.T) {
	for _, test := range []struct{ text, decimal, want string }{
		{"1 250,00", ",", "1250,00"},
		{"1\u00a0250", ",", "1250"},
		{"1\u202f250", ".", "1250"},
		{"1'250'000", ".", "1250000"},
		{"1’250", ",", "1250"},
		{"1.250,5", ",", "1250,5"},
		{"1,250.5", ".", "1250.5"},
		{"12 25", ",", "12 25"},
		{"1 2 3", ".", "1 2 3"},
		{"1250 000", ",", "1250 000"},
		{"1.250 000", ",", "1.250 000"},
	} {
		if got := ungrouped(test.text, test.decimal); got != test.want {
			t.Errorf("%q with %s: %q, want %q", test.text, test.decimal, got, test.want)
		}
	}
}
