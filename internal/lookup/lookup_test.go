package lookup_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/stock"
)

// server answers each path with a status and a value, and counts the calls.
type server struct {
	answers map[string]any
	status  map[string]int
	calls   atomic.Int64
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.calls.Add(1)
	status := s.status[r.URL.EscapedPath()]
	data, known := s.answers[r.URL.EscapedPath()]
	if !known && status == 0 {
		status = http.StatusNotFound
	}
	if status == 0 {
		status = http.StatusOK
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	body := map[string]any{"status": status < 400, "message": "as the test wants", "data": data}
	if err := json.NewEncoder(w).Encode(body); err != nil {
		panic(err)
	}
}

type object = map[string]any

func newNames(t *testing.T, s *server) *lookup.Names {
	t.Helper()
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	client, err := api.New(api.Options{BaseURL: web.URL, MaxWait: -1})
	if err != nil {
		t.Fatal(err)
	}
	return lookup.New(client)
}

func shop() *server {
	return &server{
		status: map[string]int{},
		answers: map[string]any{
			"/v1/warehouses": []object{
				{"id": "wh_1", "code": "LGS-01", "name": "Lagos Main"},
				{"id": "wh_2", "code": "ABJ-01", "name": "Abuja"},
				{"id": "wh_3", "code": "KAN-01", "name": "Twin", "active": false},
				{"id": "wh_4", "code": "KAN-02", "name": "Twin"},
				{"id": "LGS-01", "code": "ODD-01", "name": "an id like a code"},
			},
			"/v2/products/prod_phone": object{"id": "prod_phone", "productType": "VARIABLE", "variantGroups": []object{{"skus": []object{
				{"id": "sku_red", "sku": "PH/RED"}, {"id": "sku_blue", "sku": "PH/BLUE"}, {"id": "sku_a", "sku": "SAME"}, {"id": "sku_b", "sku": "SAME"},
			}}}},
			"/v2/products":                                 object{"totalElements": 1, "content": []object{{"id": "prod_tote", "name": "Canvas Bag", "productType": "SIMPLE", "sku": "BAG-1"}}},
			"/v2/products/prod_tote":                       object{"id": "prod_tote", "productType": "SIMPLE"},
			"/v1/inventory/product/prod_tote":              []object{{"id": "inv_1", "productId": "prod_tote", "warehouseId": "wh_1"}, {"id": "inv_2", "productId": "prod_tote", "warehouseId": "wh_2"}},
			"/v1/inventory/product/prod_phone":             []object{{"id": "inv_3", "productId": "prod_phone", "skuId": "sku_red", "warehouseId": "wh_1"}},
			"/v1/inventory/product/a%2Fb":                  []object{},
			"/v1/inventory/product/prod_phone/sku/sku_red": []object{{"id": "inv_3", "productId": "prod_phone", "skuId": "sku_red", "warehouseId": "wh_1"}},
		},
	}
}

func TestWarehouse(t *testing.T) {
	for text, test := range map[string]struct {
		id, message, hint string
		kind              failure.Kind
	}{
		"wh_2":       {id: "wh_2"},
		"LGS-01":     {id: "LGS-01"}, // an id takes precedence over a code
		"abj-01":     {id: "wh_2"},
		"Lagos Main": {id: "wh_1"},
		"lagos main": {kind: failure.NotFound, message: `no warehouse has the id, code or name "lagos main"`, hint: "did you mean 'Lagos Main'?"},
		"Twin":       {kind: failure.Usage, message: `"Twin" names 2 warehouses`, hint: "give the id: wh_3 or wh_4"},
		"zzz":        {kind: failure.NotFound, message: `no warehouse has the id, code or name "zzz"`, hint: "the warehouses are LGS-01, ABJ-01, KAN-01, KAN-02, ODD-01: see `stockctl warehouse list`"},
	} {
		t.Run(text, func(t *testing.T) {
			w, err := newNames(t, shop()).Warehouse(t.Context(), text)
			if test.message == "" {
				if err != nil || w.ID != test.id {
					t.Fatalf("got %q, %v; want %q", w.ID, err, test.id)
				}
				return
			}
			if err == nil || err.Error() != test.message || failure.HintOf(err) != test.hint || failure.KindOf(err) != test.kind {
				t.Errorf("got %s: %v (%s)\nwant %s: %s (%s)", failure.KindOf(err), err, failure.HintOf(err), test.kind, test.message, test.hint)
			}
		})
	}
}

func TestInactiveWarehouse(t *testing.T) {
	_, err := newNames(t, shop()).ActiveWarehouse(t.Context(), "KAN-01")
	if want := "warehouse KAN-01 is inactive and accepts no new records"; err == nil || err.Error() != want || failure.KindOf(err) != failure.Refused {
		t.Errorf("got %v, want %s", err, want)
	}
}

// If the account may not read the list, the text is sent unchanged, and a later "not found"
// explains that.
func TestWarehousesThatMayNotBeListed(t *testing.T) {
	s := shop()
	s.status["/v1/warehouses"] = http.StatusForbidden
	w, err := newNames(t, s).ActiveWarehouse(t.Context(), "LGS-01")
	if err != nil || w.ID != "LGS-01" || !lookup.Unlisted(w) {
		t.Fatalf("got %+v and the error %v, want LGS-01 as an unlisted warehouse", w, err)
	}
	err = lookup.Explain(&api.Error{Status: 404, Reason: api.ReasonWarehouseNotFound}, w)
	if want := `this account is not allowed to read the warehouse list, so "LGS-01" was sent as an id: give the warehouse's id`; failure.HintOf(err) != want {
		t.Errorf("hint %q, want %q", failure.HintOf(err), want)
	}
}

// Where the list may not be read, the records show which warehouses there are.
func TestWarehousesOfRecords(t *testing.T) {
	s := shop()
	s.status["/v1/warehouses"] = http.StatusForbidden
	s.answers["/v1/inventory"] = object{"totalElements": 4, "content": []object{
		{"id": "inv_1", "productId": "p", "warehouseId": "wh_1", "warehouseName": "Lagos Main"},
		{"id": "inv_2", "productId": "q", "warehouseId": "wh_1", "warehouseName": "Lagos Main"},
		{"id": "inv_3", "productId": "p", "warehouseId": "wh_3", "warehouseName": "Twin"},
		{"id": "inv_4", "productId": "p", "warehouseId": "wh_4", "warehouseName": "Twin"},
	}}
	for text, want := range map[string]struct {
		id   string
		kind failure.Kind
	}{
		"wh_1":       {id: "wh_1"},
		"wh_4":       {id: "wh_4"},
		"Lagos Main": {id: "wh_1"},
		"Twin":       {kind: failure.Usage},
		"LGS-01":     {kind: failure.Permission},
		"":           {kind: failure.Permission},
	} {
		w, err := newNames(t, s).Warehouse(t.Context(), text)
		if w.ID != want.id || want.id == "" && failure.KindOf(err) != want.kind {
			t.Errorf("%q is %+v, %v", text, w, err)
		}
	}
	s.status["/v1/inventory"] = http.StatusForbidden
	if w, err := newNames(t, s).Warehouse(t.Context(), "wh_1"); failure.KindOf(err) != failure.Permission {
		t.Errorf("without records: %+v, %v", w, err)
	}
}

func TestListsAreReadOnce(t *testing.T) {
	s := shop()
	names := newNames(t, s)
	for range 3 {
		if _, err := names.Warehouse(t.Context(), "ABJ-01"); err != nil {
			t.Fatal(err)
		}
		if _, err := names.SKU(t.Context(), "prod_phone", "PH/RED"); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.calls.Load(); got != 2 {
		t.Errorf("%d calls, want 2", got)
	}
}

// A response that was cut short is not kept for the run.
func TestFailedListIsReadAgain(t *testing.T) {
	names := newNames(t, shop())
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := names.Warehouse(ended, "ABJ-01"); err == nil {
		t.Fatal("no error from a cancelled call")
	}
	if _, err := names.Warehouse(t.Context(), "ABJ-01"); err != nil {
		t.Error(err)
	}
}

func TestSKU(t *testing.T) {
	for text, test := range map[string]struct{ product, id, message string }{
		"sku_red":  {product: "prod_phone", id: "sku_red"},
		"PH/BLUE":  {product: "prod_phone", id: "sku_blue"},
		"anything": {product: "prod_unknown", id: "anything"}, // nothing to compare it with
		"PH/GREEN": {product: "prod_phone", message: `product prod_phone has no SKU with the id or code "PH/GREEN"`},
		"SAME":     {product: "prod_phone", message: `"SAME" is the code of 2 SKUs of product prod_phone`},
		"x":        {product: "prod_tote", message: "product prod_tote is SIMPLE and has no SKUs: leave the SKU out"},
	} {
		t.Run(text, func(t *testing.T) {
			id, err := newNames(t, shop()).SKU(t.Context(), test.product, text)
			if id != test.id || test.message == "" && err != nil || test.message != "" && (err == nil || err.Error() != test.message) {
				t.Errorf("got %q, %v; want %q, %s", id, err, test.id, test.message)
			}
		})
	}
}

func TestRecord(t *testing.T) {
	for address, test := range map[string]struct{ id, message, hint string }{
		"prod_tote@ABJ-01":       {id: "inv_2"},
		"prod_phone/PH/RED@wh_1": {id: "inv_3"},
		"prod_phone@wh_1":        {message: "prod_phone@wh_1 has SKUs: name one of them", hint: "use prod_phone/sku_red@wh_1"},
		"prod_tote@KAN-02":       {message: "no inventory record for prod_tote@KAN-02", hint: "create one with `stockctl inventory create`, or see `stockctl inventory list`"},
		"prod_unheard_of@Abuja":  {message: "no inventory record for prod_unheard_of@Abuja", hint: "create one with `stockctl inventory create`, or see `stockctl inventory list`"},
	} {
		t.Run(address, func(t *testing.T) {
			a, err := stock.ParseAddress(address)
			if err != nil {
				t.Fatal(err)
			}
			r, err := newNames(t, shop()).Record(t.Context(), a)
			if r.ID != test.id || test.message == "" && err != nil {
				t.Errorf("got %q, %v; want %q", r.ID, err, test.id)
			}
			if test.message != "" && (err == nil || err.Error() != test.message || failure.HintOf(err) != test.hint) {
				t.Errorf("got %v (%s)\nwant %s (%s)", err, failure.HintOf(err), test.message, test.hint)
			}
		})
	}
}

func TestNameWarehouse(t *testing.T) {
	s := shop()
	names := newNames(t, s)
	for id, want := range map[string]string{"wh_1": "Lagos Main", "wh_9": ""} {
		r := api.Record{WarehouseID: id}
		if names.NameWarehouse(t.Context(), &r); r.WarehouseName != want {
			t.Errorf("%s is %q, want %q", id, r.WarehouseName, want)
		}
	}
	kept := api.Record{WarehouseID: "wh_1", WarehouseName: "as given"}
	if names.NameWarehouse(t.Context(), &kept); kept.WarehouseName != "as given" {
		t.Errorf("a known name became %q", kept.WarehouseName)
	}

	denied := shop()
	denied.status["/v1/warehouses"] = http.StatusForbidden
	names = newNames(t, denied)
	for range 3 {
		names.NameWarehouse(t.Context(), &api.Record{WarehouseID: "wh_1"})
	}
	if got := denied.calls.Load(); got != 1 {
		t.Errorf("a forbidden list was requested %d times", got)
	}
}

// A copy that is not old is updated with the newest products only, unless the number
// of products in the API shows other changes.
func TestNewProductsAreReadAlone(t *testing.T) {
	pages := []object{{"id": "p_1", "name": "One", "sku": "A-1"}, {"id": "p_2", "name": "Two", "sku": "A-2"}}
	total := 2
	var asked []string
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := any(object{"status": true, "data": []object{}})
		if r.URL.Path == "/v2/products" {
			asked = append(asked, r.URL.Query().Get("sortDirectionParam")+r.URL.Query().Get("archived"))
			answer = object{"content": pages, "totalElements": total}
			if r.URL.Query().Get("archived") == "true" {
				answer = object{"content": []object{}, "totalElements": 0}
			}
		} else if r.URL.Path != "/v1/warehouses" {
			w.WriteHeader(http.StatusNotFound)
		}
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			panic(err)
		}
	}))
	defer web.Close()
	client, err := api.New(api.Options{BaseURL: web.URL, MaxWait: -1})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now()
	now := func() time.Time { return at }
	kept := catalog.New(catalog.Place{}, now)
	for _, step := range []struct {
		text, want string
		change     func()
		asked      []string
	}{
		{"A-1", "p_1", func() {}, []string{"", "true"}},
		{"A-3", "p_3", func() {
			pages, total = append([]object{{"id": "p_3", "name": "Three", "sku": "A-3"}}, pages...), 3
		}, []string{"DESC"}},
		{"A-4", "", func() {}, []string{"DESC"}},
		{"A-5", "p_5", func() { // one is gone, and another one came
			pages = append([]object{{"id": "p_5", "name": "Five", "sku": "A-5"}}, pages[:2]...)
		}, []string{"DESC", "", "true"}},
		{"A-6", "p_6", func() { // one that is not new is on sale again
			pages, total = append(pages, object{"id": "p_6", "name": "Six", "sku": "A-6"}), 4
		}, []string{"DESC", "", "true"}},
		{"A-1", "p_1", func() { at = at.Add(11 * time.Minute) }, []string{"", "true"}},
	} {
		step.change()
		asked = nil
		names := lookup.Open(lookup.Options{Client: client, Copy: kept, Now: now})
		item, err := names.Named(t.Context(), lookup.Code, step.text, lookup.Write)
		if item.ProductID != step.want || (err == nil) != (step.want != "") || !slices.Equal(asked, step.asked) {
			t.Errorf("%s: %q, %v; requested %q, want %q of %q", step.text, item.ProductID, err, asked, step.asked, step.want)
		}
	}
}

// An unreadable answer, or one about another product, is an error. It does not mean that
// the store has no such product, so no text is assumed to be an id.
func TestUnreadableProductsAreNotAbsent(t *testing.T) {
	for name, answer := range map[string]any{
		"another product": object{"id": "prod_other", "name": "Other", "productType": "SIMPLE"},
		"a number":        7,
	} {
		s := shop()
		s.answers["/v2/products/prod_new"], s.answers["/v2/products"] = answer, answer
		for _, use := range []lookup.Use{lookup.Read, lookup.Write} {
			item, err := newNames(t, s).ItemOrID(t.Context(), "prod_new", use)
			if err == nil || failure.KindOf(err) != failure.Unexpected || item != (catalog.Item{}) {
				t.Errorf("%s: %+v, %s: %v", name, item, failure.KindOf(err), err)
			}
		}
	}
	s := shop()
	s.answers["/v2/products"] = 7
	if _, err := newNames(t, s).Item(t.Context(), "KET-NEW", lookup.Write); failure.KindOf(err) != failure.Unexpected {
		t.Errorf("a code, and a list that cannot be read: %s: %v", failure.KindOf(err), err)
	}
}
