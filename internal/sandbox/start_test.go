package sandbox_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/sandbox"
)

func readStart(t *testing.T, name string) *sandbox.Start {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "start", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	shop, err := sandbox.ReadStart(f)
	if err != nil {
		t.Fatal(err)
	}
	return shop
}

func TestStart(t *testing.T) {
	s := open(t, sandbox.Options{Start: readStart(t, "shop.yaml"), Strict: true})
	s.call("GET", "/v2/products?limit=2", "").wants(t, 200, `{"status":true,"data":{"content":[`+
		`{"id":"prod_linen_shirt","name":"Linen Shirt","productType":"VARIABLE","price":0,"attributes":{},"variantGroups":[`+
		`{"id":"vg_prod_linen_shirt_s","attributeName":"Size","attributeValue":"S","skus":[{"id":"sku_ls_s","sku":"LS/S","price":0,"quantityInStock":6,"attributes":{"Size":"S"}}]},`+
		`{"id":"vg_prod_linen_shirt_m","attributeName":"Size","attributeValue":"M","skus":[{"id":"sku_ls_m","sku":"LS@M","price":0,"quantityInStock":0,"attributes":{"Size":"M"}}]}]},`+
		`{"id":"prod_00123","name":"Nails","productType":"SIMPLE","sku":"00123","price":0,"attributes":{},"variantGroups":[]}`+
		`],"page":0,"limit":2,"totalElements":4}}`)
	if got := s.stock("prod_ket_red"); len(got) != 1 || got[0].ID != "inv_ket_red_hrb" || got[0].OnHandQty != 12 || got[0].AvailableQty != 10 {
		t.Errorf("the kettle's stock is %+v", got)
	}
	if got := s.page("/v1/inventory/logs"); got.TotalElements != 3 {
		t.Errorf("%d movements, want two receipts and a reservation", got.TotalElements)
	}
	s.call("POST", "/v1/inventory", `{"productId":"prod_abc123","warehouseId":"wh_hrb","initialQty":1}`).
		wants(t, 404, `{"status":false,"message":"Product not found."}`)
	s.call("POST", "/v1/inventory", `{"productId":"prod_00123","warehouseId":"wh_old","initialQty":1}`).
		wants(t, 422, `{"status":false,"message":"Warehouse 'OLD' is inactive and takes no new inventory records."}`)
}

// The shop of a start file is stored in the database. Other servers on the same
// database must see it, even those that were already open.
func TestStartOutlivesTheServer(t *testing.T) {
	path := database(t)
	first := open(t, sandbox.Options{Path: path})
	second := open(t, sandbox.Options{Path: path})
	second.header = first.header
	first.call("GET", "/v2/products/prod_kettle", "").wants(t, 404, `{"status":false,"message":"Product not found."}`)
	if err := second.server.Reset(t.Context(), readStart(t, "stocked.json")); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*shop{first, second} {
		s.call("GET", "/v2/products/prod_kettle", "").wants(
			t, 200,
			`{"status":true,"data":{"id":"prod_kettle","name":"Red Kettle","productType":"SIMPLE","sku":"KET-RED","price":29,"attributes":{},"variantGroups":[]}}`,
		)
	}
	if err := first.server.Reset(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	second.call("GET", "/v2/products/prod_kettle", "").wants(t, 404, `{"status":false,"message":"Product not found."}`)
	if _, err := sandbox.Open(t.Context(), sandbox.Options{Path: path, Start: readStart(t, "empty.json")}); failure.KindOf(err) != failure.Usage {
		t.Errorf("a start file over a shop: %v", err)
	}
}

func TestStartMistakes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "the start file is empty; give warehouses, products and records"},
		{"{", "the start file is not valid at line 1: unexpected EOF"},
		{"{\n\"shops\": []}", `the start file is not valid at line 2: json: unknown field "shops"`},
		{`{"warehouses": "x"}`, "the start file is not valid at line 1: warehouses must not be a string"},
		{"shops: []", `the start file is not valid at line 1: unknown field "shops"`},
		{"products: []\nrecords:\n- {onHandQty: 1.5}", `the start file is not valid at line 3: "1.5" is not a whole number`},
		{"products: [{price: x}]", "the start file is not valid at line 1: a text was used where a number is expected"},
		{"{}{}", "the start file is not valid at line 1: it contains more than one JSON value"},
		{"warehouses: [{code: A}]", "warehouse 1 of the start file: the name is missing"},
		{"warehouses: [{name: A, code: A}, {name: B, code: a}]", `warehouse 2 of the start file: the code "a" is taken`},
		{"products: [{sku: A}]", "product 1 of the start file: the name is missing"},
		{"products: [{name: A, productType: THING}]", "product 1 of the start file: productType must be one of SIMPLE, VARIABLE, DIGITAL, BUNDLE"},
		{"products: [{id: a, name: A}, {id: a, name: B}]", `product 2 of the start file: the id "a" is taken`},
		{"products: [{name: A, productType: SIMPLE, skus: [{sku: B}]}]", "product 1 of the start file: a SIMPLE product has no SKUs"},
		{"records: [{warehouse: A}]", "record 1 of the start file: the product is missing: give sku or productId"},
		{"records: [{sku: A, warehouse: A}]", `record 1 of the start file: no product or SKU "A" in the file`},
		{"products: [{name: A, sku: A}, {name: B, sku: A}]\nrecords: [{sku: A, warehouse: A}]", `record 1 of the start file: 2 products or SKUs are called "A": give productId and skuId`},
		{"products: [{name: A, sku: A}]\nrecords: [{sku: A, warehouse: W}]", `record 1 of the start file: no warehouse "W" in the file`},
		{
			"warehouses: [{name: W}]\nproducts: [{name: A, skus: [{sku: B}]}]\nrecords: [{productId: prod_a, warehouse: W}]",
			"record 1 of the start file: prod_a is a VARIABLE product: give the sku of one of its SKUs",
		},
		{"warehouses: [{name: W}]\nproducts: [{name: A, sku: A}]\nrecords: [{sku: A, warehouse: W, onHandQty: -1}]", "record 1 of the start file: onHandQty must be from 0 to 2147483647"},
	} {
		_, err := sandbox.ReadStart(strings.NewReader(c.text))
		if err == nil || err.Error() != c.want || failure.KindOf(err) != failure.Usage {
			t.Errorf("%s\ngot  %v\nwant %s", c.text, err, c.want)
		}
	}
}
