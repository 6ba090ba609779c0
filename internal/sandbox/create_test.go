package sandbox_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/sandbox"
)

func TestCreateValidation(t *testing.T) {
	s := open(t, sandbox.Options{})
	const whole = " must be a whole number from 0 to 2147483647"
	for _, c := range []struct{ change, with, want string }{
		{`"productId":"p",`, ``, "productId is required"},
		{`"productId":"p"`, `"productId":null`, "productId is required"},
		{`"productId":"p"`, `"productId":" "`, "productId must not be blank"},
		{`"productId":"p"`, `"productId":7`, "productId must be a string"},
		{`"productId"`, `"productid"`, "productId is required"},
		{`"warehouseId":"wh_def456",`, ``, "warehouseId is required"},
		{`,"initialQty":1`, ``, "initialQty is required"},
		{`"initialQty":1`, `"initialQty":null`, "initialQty is required"},
		{`"initialQty":1`, `"initialQty":-1`, "initialQty" + whole},
		{`"initialQty":1`, `"initialQty":1.5`, "initialQty" + whole},
		{`"initialQty":1`, `"initialQty":1.0`, "initialQty" + whole},
		{`"initialQty":1`, `"initialQty":1e2`, "initialQty" + whole},
		{`"initialQty":1`, `"initialQty":"1"`, "initialQty" + whole},
		{`"initialQty":1`, `"initialQty":true`, "initialQty" + whole},
		{`"initialQty":1`, `"initialQty":2147483648`, "initialQty" + whole},
		{`1}`, `1,"reorderLevel":-1}`, "reorderLevel" + whole},
		{`1}`, `1,"reorderQty":"5"}`, "reorderQty" + whole},
		{`1}`, `1,"location":7}`, "location must be a string"},
		{`1}`, `1,"skuId":""}`, "skuId must not be blank: leave it out for a product without SKUs"},
		{`1}`, `1,"variantAttributes":["Red"]}`, "variantAttributes must be an object of strings"},
		{`1}`, `1,"variantAttributes":{"Color":5}}`, "variantAttributes must be an object of strings"},
		{`1}`, `1,"variantAttributes":{"Color":null}}`, "variantAttributes must be an object of strings"},
		{`"productId":"p","warehouseId":"wh_def456","initialQty":1`, ``, "productId is required; warehouseId is required; initialQty is required"},
	} {
		const good = `{"productId":"p","warehouseId":"wh_def456","initialQty":1}`
		body := strings.Replace(good, c.change, c.with, 1)
		if body == good {
			t.Fatalf("%s changes nothing", c.change)
		}
		t.Run(body, func(t *testing.T) {
			s.call("POST", "/v1/inventory", body).wants(t, 400, failedValidation(c.want))
		})
	}
	if got := s.stock("p"); len(got) != 0 {
		t.Errorf("a refused create left %+v", got)
	}
}

func TestCreateRules(t *testing.T) {
	lenient, strict := open(t, sandbox.Options{}), open(t, sandbox.Options{Strict: true})
	for _, s := range []*shop{lenient, strict} {
		s.call("PATCH", "/v1/warehouses/wh_def456", `{"active":false}`).data(t, new(any))
	}
	for _, c := range []struct {
		name, product, sku, warehouse string
		status                        int
		want                          string // of both
		strict                        string // the 404 message of a strict sandbox
	}{
		{name: "unknown warehouse", product: "prod_abc123", warehouse: "wh_none", status: 404, want: "Warehouse not found."},
		{name: "a code instead of an id", product: "prod_abc123", warehouse: "LGS-01", status: 404, want: "Warehouse not found."},
		{name: "inactive warehouse", product: "prod_abc123", warehouse: "wh_def456", status: 422, want: "Warehouse 'ABJ-01' is inactive and takes no new inventory records."},
		{name: "simple with sku", product: "prod_abc123", sku: "sku_red_256gb", warehouse: "wh_abc123", status: 422, want: "A SIMPLE product takes no skuId."},
		{name: "digital with sku", product: "prod_ebook_101", sku: "x", warehouse: "wh_abc123", status: 422, want: "A DIGITAL product takes no skuId."},
		{name: "bundle", product: "prod_bundle_202", warehouse: "wh_abc123", status: 422, want: "A BUNDLE product has no inventory of its own."},
		{name: "variable without sku", product: "prod_phone_789", warehouse: "wh_abc123", status: 422, want: "skuId is required for a VARIABLE product."},
		{name: "variable with unknown sku", product: "prod_phone_789", sku: "PHONE-RED-256", warehouse: "wh_abc123", status: 404, want: "SKU not found."},
		{name: "duplicate", product: "prod_abc123", warehouse: "wh_abc123", status: 409, want: "An inventory record for this product already exists in the specified warehouse."},
		{
			name: "duplicate sku", product: "prod_phone_789", sku: "sku_red_256gb", warehouse: "wh_abc123", status: 409,
			want: "An inventory record for this product already exists in the specified warehouse.",
		},
		{name: "unknown product", product: "prod_new", warehouse: "wh_abc123", status: 201, strict: "Product not found."},
		{name: "unknown sku", product: "prod_new", sku: "sku_new", warehouse: "wh_abc123", status: 201, strict: "Product not found."},
		{name: "archived product", product: "prod_retired_303", warehouse: "wh_abc123", status: 201},
	} {
		body := `{"productId":"` + c.product + `","warehouseId":"` + c.warehouse + `","initialQty":1}`
		if c.sku != "" {
			body = strings.Replace(body, `{`, `{"skuId":"`+c.sku+`",`, 1)
		}
		t.Run(c.name, func(t *testing.T) {
			for _, s := range []*shop{lenient, strict} {
				got := s.call("POST", "/v1/inventory", body)
				switch {
				case s == strict && c.strict != "":
					got.wants(t, 404, plain(c.strict))
				case c.status == 201:
					got.data(t, new(any))
				default:
					got.wants(t, c.status, plain(c.want))
				}
			}
		})
	}
}

func TestCreateKeepsWhatWasGiven(t *testing.T) {
	s := open(t, sandbox.Options{})
	zero := s.create(`{"productId":"p","warehouseId":"wh_abc123","initialQty":0,"reorderLevel":0}`)
	none := s.create(`{"productId":"p","skuId":"s","warehouseId":"wh_abc123","initialQty":2147483647}`)
	if zero.ReorderLevel == nil || *zero.ReorderLevel != 0 || none.ReorderLevel != nil {
		t.Errorf("a level of 0 and no level differ: %v, %v", zero.ReorderLevel, none.ReorderLevel)
	}
	for body, want := range map[string]string{
		`"reorderLevel":0,"reorderQty":0`: `"reorderLevel":0,"reorderQty":0`,
		`"reorderLevel":0`:                `"reorderLevel":0,"reorderQty":null`,
		`"reorderQty":0`:                  `"reorderLevel":null,"reorderQty":0`,
		`"reorderQty":null`:               `"reorderLevel":null,"reorderQty":null`,
	} {
		got := s.call("POST", "/v1/inventory", fmt.Sprintf(`{"productId":%q,"warehouseId":"wh_abc123","initialQty":0,%s}`, "r "+body, body))
		if !strings.Contains(got.body, want) {
			t.Errorf("%s is kept as %s", body, got.body)
		}
	}
	if got := s.stock("p"); len(got) != 2 || got[0].ID != zero.ID || got[1].ID != none.ID {
		t.Errorf("a product's records are those with and without SKU: %+v", got)
	}
	if got := s.stock("p/sku/s"); len(got) != 1 || got[0].ID != none.ID {
		t.Errorf("a SKU's records are its own: %+v", got)
	}

	log := s.log()
	if len(log) != 8 {
		t.Fatalf("%d movements, want 8: no stock, no movement", len(log))
	}
	first := log[0]
	if first.InventoryID != none.ID || first.Action != "RECEIVED" || first.QtyChange != 2147483647 ||
		first.Reference != nil || first.Notes != nil || first.AdjustedBy != "Sandbox Merchant" {
		t.Errorf("the first stock is logged as %+v", first)
	}
	const text = `Büro <1> & "2" 📦`
	got := s.call("POST", "/v1/inventory", `{"productId":"q","warehouseId":"wh_abc123","initialQty":0,"location":"Büro <1> & \"2\" 📦"}`)
	if want := `"location":"` + strings.ReplaceAll(text, `"`, `\"`) + `"`; !strings.Contains(got.body, want) {
		t.Errorf("%s is not in %s", want, got.body)
	}
}
