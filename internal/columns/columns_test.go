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
