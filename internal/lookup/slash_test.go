package lookup_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// slashes is a store with a product a that has a SKU b, a product c/d, and records of
// a product e/f, which is not in the product list.
func slashes() *server {
	record := func(id, product, sku string) object {
		return object{"id": id, "productId": product, "skuId": sku, "warehouseId": "wh_1"}
	}
	phone := object{"id": "a", "name": "A", "productType": "VARIABLE", "variantGroups": []object{{"skus": []object{{"id": "b"}, {"id": "g"}}}}}
	slash := object{"id": "c/d", "name": "C", "productType": "SIMPLE"}
	return &server{
		status: map[string]int{},
		answers: map[string]any{
			"/v1/warehouses":                  []object{{"id": "wh_1", "code": "LGS-01", "name": "Lagos Main"}},
			"/v2/products":                    object{"totalElements": 2, "content": []object{phone, slash}},
			"/v2/products/a":                  phone,
			"/v2/products/c%2Fd":              slash,
			"/v1/inventory/product/a/sku/b":   []object{record("inv_ab", "a", "b")},
			"/v1/inventory/product/c%2Fd":     []object{record("inv_cd", "c/d", "")},
			"/v1/inventory/product/e%2Ff":     []object{record("inv_ef", "e/f", "")},
			"/v1/inventory/product/a%2Fg":     []object{record("inv_whole", "a/g", "")},
			"/v1/inventory/product/h/sku/i":   []object{record("inv_hi", "h", "i")},
			"/v1/inventory/product/gone%2Fno": []object{},
		},
	}
}

func TestSlashesWithoutQuotes(t *testing.T) {
	for address, test := range map[string]struct {
		id, message string
		calls       int64 // 0: not counted
	}{
		"a/b@LGS-01":       {id: "inv_ab", calls: 3}, // the warehouses, the product, the records
		"c/d@LGS-01":       {id: "inv_cd"},
		"e/f@LGS-01":       {id: "inv_ef"},
		`"c/d"@LGS-01`:     {id: "inv_cd", calls: 2},
		"h/i@LGS-01":       {id: "inv_hi"}, // the product is only in the records
		`"a"/b@LGS-01`:     {id: "inv_ab", calls: 3},
		`"a/b"@LGS-01`:     {message: `no inventory record for "a/b"@LGS-01`},
		`"e"/f@LGS-01`:     {message: "no inventory record for e/f@LGS-01"},
		"gone/no@LGS-01":   {message: "no inventory record for gone/no@LGS-01"},
		"a/nothing@LGS-01": {message: `product a has no SKU with the id or code "nothing"`},
	} {
		t.Run(address, func(t *testing.T) {
			s := slashes()
			r, _, err := newNames(t, s).Find(t.Context(), address)
			if test.message != "" {
				if err == nil || err.Error() != test.message || failure.KindOf(err) != failure.NotFound {
					t.Fatalf("%v, want %s", err, test.message)
				}
				return
			}
			if err != nil || len(r) != 1 || r[0].ID != test.id {
				t.Fatalf("%+v, %v; want %s", r, err, test.id)
			}
			if calls := s.calls.Load(); test.calls > 0 && calls != test.calls {
				t.Errorf("%d calls, want %d", calls, test.calls)
			}
		})
	}
}

// An address with two readings in the copy is rejected without a request.
func TestSlashThatCanBeReadInTwoWays(t *testing.T) {
	s := slashes()
	both := object{"id": "a/b", "name": "AB", "productType": "SIMPLE"}
	page := s.answers["/v2/products"].(object)
	page["content"], page["totalElements"] = append(page["content"].([]object), both), 3
	names := newNames(t, s)
	if err := names.Sync(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"a/b@LGS-01", "a/b"} {
		_, _, err := names.Find(t.Context(), text)
		if want := `"a/b" is ambiguous: it is an item, and so is SKU "b" of product "a"`; err == nil || err.Error() != want || failure.KindOf(err) != failure.Usage {
			t.Fatalf("%s: %v, want %s", text, err, want)
		}
		if text == "a/b" {
			continue
		}
		if hint, want := failure.HintOf(err), `write '"a/b"@LGS-01' or '"a"/b@LGS-01'`; hint != want {
			t.Errorf("hint %q, want %q", hint, want)
		}
	}
	if _, err := names.FilterMovements(t.Context(), "a/b", "", ""); failure.KindOf(err) != failure.Usage {
		t.Errorf("got %v, want a usage error about the filter", err)
	}
	a, err := stock.ParseAddress(`"a"/b@LGS-01`)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := names.Record(t.Context(), a); err != nil || r.ID != "inv_ab" {
		t.Errorf("in quotes: %+v, %v", r, err)
	}
}
