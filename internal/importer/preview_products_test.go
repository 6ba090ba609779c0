package importer_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/sandbox"
	"github.com/bayworks/stockctl/internal/stock"
)

const doubtfulShop = `
warehouses:
  - { name: Lagos, code: LGS-01 }
  - { name: Abuja, code: ABJ-01 }
products:
  - { id: prod_kettle, name: Kettle, sku: KET }
  - { id: prod_gift, name: Gift Box, productType: BUNDLE }
  - { id: prod_old, name: Old Lamp, archived: true }
  - id: prod_shirt
    name: Shirt
    skus: [{ id: sku_s, sku: SH-S, attributes: { Size: S } }]
records:
  - { sku: KET, warehouse: LGS-01, onHandQty: 4 }
`

// A dry run does not promise a record that the API refuses because of its product, and
// its results match those of the run.
func TestPreviewKnowsTheProducts(t *testing.T) {
	start, err := sandbox.ReadStart(strings.NewReader(doubtfulShop))
	must(t, err)
	s := openShop(t, sandbox.Options{Strict: true, Start: start}, nil)
	o := options(s.File("rows.csv", "productId,skuId,warehouseId,initialQty\n"+
		"prod_ghost,,LGS-01,1\nprod_gift,,LGS-01,1\nprod_shirt,,LGS-01,1\nprod_shirt,sku_xl,LGS-01,1\nprod_kettle,sku_s,ABJ-01,1\n"+
		"prod_kettle,,ABJ-01,1\nprod_shirt,sku_s,LGS-01,1\nprod_old,,LGS-01,1\nprod_kettle,,LGS-01,4\n"), stock.Create)
	want := "2 prod_ghost@LGS-01 doubtful → the store has no product prod_ghost\n" +
		"3 prod_gift@LGS-01 refused → product prod_gift is a BUNDLE, which has no stock of its own\n" +
		"4 prod_shirt@LGS-01 refused → product prod_shirt is VARIABLE: name a SKU\n" +
		"5 prod_shirt/sku_xl@LGS-01 doubtful → product prod_shirt has no SKU sku_xl\n" +
		"6 prod_kettle/sku_s@ABJ-01 refused → product prod_kettle is SIMPLE and has no SKUs\n" +
		"7 prod_kettle@ABJ-01 create →1 \n8 prod_shirt/sku_s@LGS-01 create →1 \n9 prod_old@LGS-01 create →1 \n10 prod_kettle@LGS-01 already 4→ \n"
	if got := s.preview(o); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	summary, err := s.Run(o)
	if summary == nil || summary.Counts != (ledger.Counts{Applied: 3, Already: 1, Rejected: 5}) {
		t.Errorf("the run: %+v, %v", summary, err)
	}
}

// A few products are requested one by one; many are read from the list. An account that
// may not read them gets no warnings.
func TestPreviewAsksLittle(t *testing.T) {
	for name, test := range map[string]struct {
		products, forbidden int
		most                int64
		want                string
	}{
		"few":       {products: 2, most: 2, want: "doubtful"},
		"many":      {products: 400, most: 102, want: "doubtful"},
		"forbidden": {products: 400, forbidden: http.StatusForbidden, most: 5, want: "create"},
	} {
		var asked atomic.Int64
		s := openShop(t, sandbox.Options{}, func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !strings.HasPrefix(r.URL.Path, "/v2/products") {
					next.ServeHTTP(w, r)
					return
				}
				if asked.Add(1); test.forbidden != 0 {
					w.WriteHeader(test.forbidden)
					return
				}
				next.ServeHTTP(w, r)
			})
		})
		var rows strings.Builder
		rows.WriteString("productId,warehouseId,initialQty\n")
		for i := range test.products {
			fmt.Fprintf(&rows, "ghost_%d,LGS-01,1\n", i)
		}
		got := s.preview(options(s.File("rows.csv", rows.String()), stock.Create))
		if n := strings.Count(got, " "+test.want+" "); n != test.products || asked.Load() > test.most {
			t.Errorf("%s: %d of %d rows are %s, after %d requests", name, n, test.products, test.want, asked.Load())
		}
	}
}
