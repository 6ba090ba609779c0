package api_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/api/lenient"
	"github.com/bayworks/stockctl/internal/failure"
)

func TestRecordBothWays(t *testing.T) {
	s := openShop(t, says(201, recordJSON))
	got, err := s.client(t).CreateRecord(t.Context(), aRecord())
	if err != nil {
		t.Fatal(err)
	}
	want := api.Record{
		ID: "inv_1", ProductID: "prod_abc123", TenantID: "t1", WarehouseID: "wh_abc123", WarehouseName: "Lagos",
		Location: ptr("B-02-1"), OnHandQty: ptr(int64(50)), ReservedQty: ptr(int64(5)), AvailableQty: ptr(int64(45)),
		ReorderLevel: ptr(int64(10)), ReorderQty: ptr(int64(0)), VariantAttributes: map[string]string{"Color": "Red"},
		CreatedAt: &api.Time{Time: time.Date(2025, 2, 1, 21, 28, 29, 49e6, time.UTC)},
		UpdatedAt: &api.Time{Time: time.Date(2025, 2, 1, 21, 28, 29, 0, time.UTC), Zoned: true},
	}
	if diff := cmp.Diff(api.Created{Record: want, Fresh: true}, got); diff != "" {
		t.Error(diff)
	}
	written, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "written", string(written), `{"id":"inv_1","productId":"prod_abc123","tenantId":"t1","warehouseId":"wh_abc123","warehouseName":"Lagos",`+
		`"location":"B-02-1","onHandQty":50,"reservedQty":5,"availableQty":45,"reorderLevel":10,"reorderQty":0,`+
		`"variantAttributes":{"Color":"Red"},"createdAt":"2025-02-01T21:28:29.049","updatedAt":"2025-02-01T21:28:29Z","productName":null,"skuCode":null,"warehouseCode":null}`)
	ask := s.requests()[0]
	same(t, "line", ask.line, "POST /v1/inventory")
	same(t, "body", ask.body, `{"productId":"prod_abc123","warehouseId":"wh_abc123","initialQty":50}`)
	same(t, "key", ask.key, "pk_test_1")
	same(t, "token", ask.token, "Bearer tok")
	same(t, "type", ask.header.Get("Content-Type"), "application/json")
}

func TestRecordFacts(t *testing.T) {
	read := func(s string) (r api.Record) {
		t.Helper()
		if err := json.Unmarshal([]byte(s), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := read(`{"id":"i","productId":"p","skuId":"s","warehouseId":"w","onHandQty":9007199254740993,"reservedQty":50.0,"reorderLevel":5e1}`)
	same(t, "exact", *r.OnHandQty, int64(9007199254740993))
	same(t, "available", *r.AvailableQty, int64(9007199254740943))
	same(t, "level", *r.ReorderLevel, int64(50))
	same(t, "address", r.Address().String(), "p/s@w")
	same(t, "low", r.Low(), false)
	r = read(`{"productId":"p","warehouseId":"w","availableQty":3,"reorderLevel":3,"createdAt":"","variantAttributes":{"Size":42,"Tags":["a", "b"],"None":null}}`)
	same(t, "low at the level", r.Low(), true)
	same(t, "address", r.Address().String(), "p@w")
	same(t, "no date", r.CreatedAt == nil, true)
	if diff := cmp.Diff(map[string]string{"Size": "42", "Tags": `["a","b"]`, "None": ""}, r.VariantAttributes); diff != "" {
		t.Error(diff)
	}
	if read(`{"onHandQty":1}`).AvailableQty != nil {
		t.Error("the available quantity is known without the reserved one")
	}
}

func TestTime(t *testing.T) {
	for text, want := range map[string]string{
		"2025-02-01T21:28:29.049":          "2025-02-01T21:28:29.049",
		"2025-02-01T21:28":                 "2025-02-01T21:28:00",
		"2025-02-01 21:28:29":              "2025-02-01T21:28:29",
		"2025-02-01T21:28:29Z":             "2025-02-01T21:28:29Z",
		"2025-02-01T21:28:29.123456+01:00": "2025-02-01T21:28:29.123456+01:00",
		"2025-02-01T21:28:29.000+0000":     "2025-02-01T21:28:29Z",
	} {
		got, err := lenient.ParseTime(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		same(t, text, got.String(), want)
		same(t, "zone of "+text, got.Zoned, strings.ContainsAny(text[10:], "Z+"))
	}
	_, err := lenient.ParseTime("yesterday")
	same(t, "error", err.Error(), `"yesterday" is not a date and time`)
}

func TestWrongTypesNameTheField(t *testing.T) {
	for body, want := range map[string]string{
		`{"data":{"id":"i","onHandQty":1.5}}`:                 "has 1.5 instead of a whole number in onHandQty",
		`{"data":{"id":"i","reservedQty":"50"}}`:              `has "50" instead of a whole number in reservedQty`,
		`{"data":{"id":"i","reorderLevel":true}}`:             "has true instead of a whole number in reorderLevel",
		`{"data":{"id":"i","onHandQty":15e-1}}`:               "has 15e-1 instead of a whole number in onHandQty",
		`{"data":{"id":"i","onHandQty":1e400}}`:               "has 1e400 instead of a whole number in onHandQty",
		`{"data":{"id":"i","onHandQty":1e18}}`:                "has 1e18 instead of a whole number in onHandQty",
		`{"data":{"id":"i","onHandQty":9223372036854775808}}`: "has 9223372036854775808 instead of a whole number in onHandQty",
		`{"data":{"id":17}}`:                                  "has a number instead of text in id",
		`{"data":{"id":"i","createdAt":"soon"}}`:              `has "soon" instead of a date and time in createdAt`,
		`{"data":{"id":"i","createdAt":17}}`:                  "has 17 instead of a date and time in createdAt",
		`{"data":{"id":"i","variantAttributes":"Red"}}`:       `has "Red" instead of a map of texts in variantAttributes`,
		`{"data":[{"id":"i"}]}`:                               "is an array instead of an object",
		`{"data":"done"}`:                                     "is a string instead of an object",
		`17`:                                                  "is neither an object nor a list",
	} {
		s := openShop(t, says(200, body))
		_, err := s.client(t).CreateRecord(t.Context(), aRecord())
		same(t, body, err.Error(), "the API's response "+want+", so it is not known whether the change was made (200)")
		isKind(t, err, failure.OutcomeUnknown)
		_, err = s.client(t).Product(t.Context(), "p")
		if strings.Contains(body, `"id":17`) {
			same(t, body, err.Error(), "the API's response "+want+" (200)")
			isKind(t, err, failure.Unexpected)
			same(t, "requests", len(s.requests()), 2)
		}
	}
	s := openShop(t, says(200, `{"status":true,"data":[{"id":"a","onHandQty":1},{"id":"b","onHandQty":"x"}]}`))
	_, err := s.client(t).LowStock(t.Context())
	same(t, "in a list", err.Error(), `the API's response has "x" instead of a whole number in entry 2, onHandQty (200)`)
	isKind(t, err, failure.Unexpected)
}

func TestBothDialects(t *testing.T) {
	t.Run("warehouses", func(t *testing.T) {
		want := []api.Warehouse{
			{ID: "w1", Name: "Lagos", Code: "LGS-01", IsDefault: true, Active: true, Type: "OWNED"},
			{ID: "w2", Name: "Abuja", Code: "ABJ-01"},
		}
		for _, body := range []string{
			`{"status":true,"data":[{"id":"w1","name":"Lagos","code":"LGS-01","isDefault":true,"active":true,"type":"OWNED"},{"id":"w2","name":"Abuja","code":"ABJ-01","isDefault":false,"active":false}]}`,
			`[{"id":"w1","name":"Lagos","code":"LGS-01","default":true,"type":"OWNED"},{"id":"w2","name":"Abuja","code":"ABJ-01","default":false,"active":false}]`,
			`{"items":[{"id":"w1","name":"Lagos","code":"LGS-01","default":true,"type":"OWNED"},{"id":"w2","name":"Abuja","code":"ABJ-01","active":false}],"total":2}`,
		} {
			got, err := openShop(t, says(200, body)).client(t).Warehouses(t.Context())
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Error(err, diff)
			}
		}
	})
	t.Run("movements", func(t *testing.T) {
		row := `{"id":"m1","inventoryId":"inv_1","productId":"p","action":"SOLD","qtyChange":-3,"reference":null,"notes":null,"adjustedBy":"ada","logDate":"2025-02-01","timestamp":"2025-02-01T21:28:29Z"}`
		other := `{"id":"m1","inventoryId":"inv_1","productId":"p","action":"SOLD","qty":-3,"adjustedBy":"ada","logDate":"2025-02-01","createdAt":"2025-02-01T21:28:29Z"}`
		want := `{"id":"m1","inventoryId":"inv_1","productId":"p","action":"SOLD","qtyChange":-3,"adjustedBy":"ada",` +
			`"logDate":"2025-02-01","timestamp":"2025-02-01T21:28:29Z","productName":null,"skuCode":null,"warehouseCode":null}`
		for _, body := range []string{
			`{"status":true,"data":{"content":[` + row + `],"page":0,"limit":50,"totalElements":1}}`,
			`{"content":[` + row + `],"page":0,"limit":50,"totalElements":1}`,
			`{"status":true,"data":{"items":[` + other + `],"currentPage":1,"total":1}}`,
			`{"status":true,"logs":[` + other + `],"total":1}`,
			`{"status":true,"data":{"logs":{"content":[` + row + `],"totalElements":1}}}`,
			`{"status":true,"data":[` + other + `],"total":1}`,
		} {
			n := 0
			for m, err := range openShop(t, says(200, body)).client(t).Movements().All(t.Context()) {
				if err != nil {
					t.Fatal(body, err)
				}
				n++
				got, _ := json.Marshal(m)
				same(t, body, string(got), want)
			}
			same(t, "rows", n, 1)
		}
	})
	t.Run("stock of a product", func(t *testing.T) {
		for _, body := range []string{`{"status":true,"data":[{"id":"i"}]}`, `{"status":true,"data":{"items":[{"id":"i"}]}}`, `[{"id":"i"}]`} {
			s := openShop(t, says(200, body))
			got, err := s.client(t).RecordsOf(t.Context(), "p/1", "s 1")
			if err != nil || len(got) != 1 || got[0].ID != "i" {
				t.Errorf("%s: %v %v", body, got, err)
			}
			same(t, "line", s.lines(), "GET /v1/inventory/product/p%2F1/sku/s%201")
		}
		if got, err := openShop(t, says(200, `[{"id":"i"},{"id":"i"}]`)).client(t).RecordsOf(t.Context(), "p", ""); err != nil || len(got) != 1 {
			t.Errorf("one record that is listed twice: %v %v", got, err)
		}
		got, err := openShop(t, says(200, `{"items":null,"total":0}`)).client(t).RecordsOf(t.Context(), "p", "")
		if err != nil || got == nil || len(got) != 0 {
			t.Errorf("null with a total of 0 is not an empty list: %v %v", got, err)
		}
		for body, want := range map[string]string{
			`{"status":true,"data":{"items":[{"id":"i"}],"total":7}}`: "the API's response states 7 rows but contains 1 (200)",
			`{"status":true,"data":{"rows":[]}}`:                      "the API's response contains no list (200)",
			`{"status":true}`:                                         "the API's response contains no list (200)",
			`{"status":true,"data":null}`:                             "the API's response contains nothing (200)",
			`{"items":null,"total":3}`:                                "the API's response contains nothing (200)",
			`[null]`:                                                  "the API's response has nothing in entry 1 (200)",
			`[{"id":"i","onHandQty":1},{"id":"i","onHandQty":2}]`:     "the API's response shows i twice, with different contents (200)",
		} {
			_, err := openShop(t, says(200, body)).client(t).RecordsOf(t.Context(), "p", "")
			same(t, body, err.Error(), want)
			isKind(t, err, failure.Unexpected)
		}
	})
}

func TestProduct(t *testing.T) {
	s := openShop(t, says(200, `{"status":true,"data":{"id":"prod_phone_789","name":"Phone","productType":"VARIABLE","price":1999.50,"attributes":{"Brand":"X","Year":2025},
		"variantGroups":[{"attributeName":"Color","attributeValue":"Red","skus":[{"id":"s1","sku":"PH-RED","price":1,"quantityInStock":5.0,"attributes":{"Color":"Red"}}]},
		{"attributeName":"Storage","attributeValue":"256GB","skus":[{"id":"s1","sku":"PH-RED"},{"sku":"PH-X"},{"sku":"PH-X"}]}]}}`))
	p, err := s.client(t).Product(t.Context(), "prod_phone_789")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "price", p.Price, "1999.50")
	same(t, "year", p.Attributes["Year"], "2025")
	same(t, "stock", *p.VariantGroups[0].SKUs[0].QuantityInStock, int64(5))
	var codes []string
	for _, sku := range p.SKUs() {
		codes = append(codes, sku.Code)
	}
	same(t, "skus", strings.Join(codes, " "), "PH-RED PH-X")

	s = openShop(t, says(200, `[]`))
	f := api.ProductFilter{Type: "SIMPLE", Attribute: "Color:Red & more", Sort: "NAME", Direction: "ASC", Archived: true}
	for range s.client(t).Products(f).PageSize(10).All(t.Context()) {
		t.Error("an empty list has a product")
	}
	same(t, "line", s.lines(), "GET /v2/products?archived=true&attribute=Color%3ARed+%26+more&limit=10&page=0&productType=SIMPLE&sortDirectionParam=ASC&sortFieldParam=NAME")
}

func TestLoginAndProfile(t *testing.T) {
	now := time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)
	auth := &keys{key: "pk_test_1", token: "tok"}
	set := func(o *api.Options) { o.Now, o.Auth = func() time.Time { return now }, auth }
	s := openShop(t, says(200, `{"user":{"id":"u1","email":"ada@example.com","fullName":"Ada","phoneNumber":234,"address":null},"token":"jwt","expiresIn":86400000}`))
	got, err := s.client(t, set).Login(t.Context(), "ada@example.com", `p"w`)
	if err != nil {
		t.Fatal(err)
	}
	want := api.Session{Token: "jwt", Expires: now.Add(24 * time.Hour), User: api.User{ID: "u1", Email: "ada@example.com", FullName: "Ada", PhoneNumber: "234"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	ask := s.requests()[0]
	same(t, "line", ask.line, "POST /v1/auth/login")
	same(t, "body", ask.body, `{"email":"ada@example.com","password":"p\"w"}`)
	same(t, "secrets", ask.key+ask.token, "")
	same(t, "handed out", auth.handedOut, 0)

	got, err = openShop(t, says(200, `{"token":"jwt","expiresIn":9223372036854775807}`)).client(t).Login(t.Context(), "a", "b")
	if err != nil || !got.Expires.IsZero() {
		t.Errorf("an absurd lifetime is returned: %v %v", got, err)
	}
	_, err = openShop(t, says(200, `{"user":{}}`)).client(t).Login(t.Context(), "a", "b")
	same(t, "error", err.Error(), "the API's response contains no token (200)")

	s = openShop(t, says(200, `{"status":true,"data":{"id":"u1","email":"a@b","fullName":"Ada","role":{"name":"Admin","slug":"admin"},"tenantId":"t1","merchantId":"m1"}}`))
	p, err := s.client(t).Profile(t.Context())
	if diff := cmp.Diff(api.Profile{
		User: api.User{ID: "u1", Email: "a@b", FullName: "Ada"}, Role: api.Role{Name: "Admin", Slug: "admin"}, TenantID: "t1",
		MerchantID: "m1",
	}, p); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestWritesSendThePublishedForm(t *testing.T) {
	s := openShop(t, answers(
		says(200, strings.Replace(recordJSON, "inv_1", "inv/1", 1)), says(200, recordJSON), says(200, recordJSON),
		says(201, `{"status":true,"data":{"id":"w1","name":" a","code":"A-1"}}`), says(200, `{"status":true,"data":{"id":"w1","name":"B"}}`),
	))
	c, ctx := s.client(t), t.Context()
	for _, do := range []func() error{
		func() error {
			_, err := c.Adjust(ctx, "inv/1", api.Adjustment{Qty: -3, Action: "SOLD", Reference: "PO-1"})
			return err
		},
		func() error { _, err := c.Reserve(ctx, "inv_1", api.Reservation{Qty: 2, Notes: "n"}); return err },
		func() error { _, err := c.Release(ctx, "inv_1", api.Reservation{Qty: 2}); return err },
		func() error {
			_, err := c.CreateWarehouse(ctx, api.CreateWarehouse{Name: "A", IsDefault: true})
			return err
		},
		func() error {
			_, err := c.UpdateWarehouse(ctx, "w1", api.UpdateWarehouse{Active: ptr(false), Name: ptr("B")})
			return err
		},
	} {
		if err := do(); err != nil {
			t.Error(err)
		}
	}
	var got []string
	for _, a := range s.requests() {
		got = append(got, a.line+" "+a.body)
	}
	same(t, "requests", strings.Join(got, "\n"), `PATCH /v1/inventory/inv%2F1/adjust {"qty":-3,"action":"SOLD","reference":"PO-1"}
PATCH /v1/inventory/inv_1/reserve {"qty":2,"notes":"n"}
PATCH /v1/inventory/inv_1/release {"qty":2}
POST /v1/warehouses {"name":"A","isDefault":true}
PATCH /v1/warehouses/w1 {"name":"B","active":false}`)

	for _, id := range []string{"", ".", ".."} {
		_, err := c.Adjust(ctx, id, api.Adjustment{Qty: 1, Action: "SOLD"})
		isKind(t, err, failure.Usage)
	}
	same(t, "requests", len(s.requests()), 5)
}

func TestWritesNeedATrustworthyResponse(t *testing.T) {
	for _, body := range []string{
		`{}`, `{"status":true}`, `{"status":true,"data":null}`, `{"status":true,"data":{}}`, `null`, `[]`, ``,
		`{"status":true,"data":{"id":"i"`, `<html><title>Sign in</title>`,
	} {
		s := openShop(t, says(201, body))
		_, err := s.client(t).CreateRecord(t.Context(), aRecord())
		same(t, "in doubt: "+body, fault(t, err).InDoubt, true)
		isKind(t, err, failure.OutcomeUnknown)
		same(t, "requests", len(s.requests()), 1)
	}
}
