package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/sandbox"
)

const unsigned = `{"error":"unauthenticated","message":"Full authentication is required to access this resource","status":false,"statusCode":401}`

func TestLogin(t *testing.T) {
	const path = "/v1/auth/login"
	s := open(t, sandbox.Options{})
	good := s.header
	s.header = http.Header{} // login needs neither token nor key

	token, _ := s.server.IssueToken()
	s.call("POST", path, `{"email":"Merchant@example.com","password":"sandbox-password"}`).wants(t, 200,
		`{"user":{"id":"usr_sandbox","email":"merchant@example.com","fullName":"Sandbox Merchant","phoneNumber":null,"address":null},"token":"`+
			token+`","expiresIn":86400000}`)

	bad := `{"type":"about:blank","title":"Bad Request","status":400,"detail":"Bad credentials","instance":"/v1/auth/login","description":"The username or password is incorrect"}`
	s.call("POST", path, `{"email":"merchant@example.com","password":"Sandbox-password"}`).wants(t, 400, bad)
	s.call("POST", path, `{"email":"someone@example.com","password":"sandbox-password"}`).wants(t, 400, bad)
	s.call("POST", path, `{"email":"merchant@example.com"}`).wants(t, 400, failedValidation("password is required"))
	s.call("GET", path, "").wants(t, 405, plain("Request method 'GET' is not supported"))

	s.header = good
	s.call("GET", "/v1/warehouses", "").data(t, new(any))
}

func TestAuthentication(t *testing.T) {
	now := moment()
	s := open(t, sandbox.Options{Now: func() time.Time { return now }})
	other := open(t, sandbox.Options{})
	token := strings.TrimPrefix(s.header.Get("Authorization"), "Bearer ")
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("a token has three parts: %s", token)
	}
	for name, authorization := range map[string]string{
		"none":              "",
		"another scheme":    "Basic " + token,
		"no token":          "Bearer ",
		"half a token":      "Bearer " + parts[0] + "." + parts[1],
		"unsigned":          "Bearer " + parts[0] + "." + parts[1] + ".",
		"another's":         other.header.Get("Authorization"),
		"a changed payload": "Bearer " + parts[0] + "." + parts[1] + "x." + parts[2],
		"not base64":        "Bearer a.b.%",
	} {
		t.Run(name, func(t *testing.T) {
			r := s.request("GET", "/v1/inventory", "")
			r.Header.Set("Authorization", authorization)
			s.send(r).wants(t, 401, unsigned)
		})
	}

	r := s.request("GET", "/v2/products", "")
	r.Header.Del("X-MerchantApiKey")
	s.send(r).wants(t, 401, `{"error":"unauthenticated","message":"The merchant API key is missing: send it as X-MerchantApiKey","status":false,"statusCode":401}`)
	r.Header.Set("X-MerchantApiKey", "pk_test_other")
	s.send(r).wants(t, 401, `{"error":"unauthenticated","message":"The merchant API key is not valid","status":false,"statusCode":401}`)

	_, end := s.server.IssueToken()
	if want := moment().Truncate(time.Second).Add(24 * time.Hour); !end.Equal(want) {
		t.Errorf("a token ends %s, want %s", end, want)
	}
	now = end.Add(-time.Millisecond)
	s.call("GET", "/v1/users/profile", "").data(t, new(any))
	now = end
	s.call("GET", "/v1/users/profile", "").wants(t, 401, unsigned)
}

func TestPermissions(t *testing.T) {
	const read, update, manage = "can_read_inventory", "can_update_inventory", "can_manage_inventory"
	calls := []struct{ method, path, body, needs string }{
		{"GET", "/v1/inventory", "", read},
		{"GET", "/v1/inventory/product/p", "", read},
		{"GET", "/v1/inventory/product/p/sku/s", "", read},
		{"GET", "/v1/inventory/low-stock", "", read},
		{"GET", "/v1/inventory/logs", "", read},
		{"PATCH", "/v1/inventory/inv_xyz789/adjust", `{"qty":1,"action":"RECEIVED"}`, update},
		{"PATCH", "/v1/inventory/inv_xyz789/reserve", `{"qty":1}`, update},
		{"PATCH", "/v1/inventory/inv_xyz789/release", `{"qty":1}`, update},
		{"POST", "/v1/inventory", `{"productId":"p","warehouseId":"wh_def456","initialQty":1}`, manage},
		{"GET", "/v1/warehouses", "", manage},
		{"POST", "/v1/warehouses", `{"name":"Kano"}`, manage},
		{"PATCH", "/v1/warehouses/wh_def456", `{"active":true}`, manage},
		{"GET", "/v2/products", "", ""},
		{"GET", "/v2/products/prod_abc123", "", ""},
		{"GET", "/v1/users/profile", "", ""},
	}
	for _, has := range [][]string{{}, {read}, {update}, {manage}, nil} {
		account := sandbox.DefaultAccount()
		account.Permissions = has
		s := open(t, sandbox.Options{Account: account})
		for _, c := range calls {
			got := s.call(c.method, c.path, c.body)
			if has == nil || c.needs == "" || len(has) == 1 && has[0] == c.needs {
				if got.status >= 300 {
					t.Errorf("%v: %s %s: %d %s", has, c.method, c.path, got.status, got.body)
				}
				continue
			}
			got.wants(t, 403, plain("You do not have permission to perform this action: "+c.needs+" is required."))
		}
	}
}

func TestPathsAndMethods(t *testing.T) {
	s := open(t, sandbox.Options{})
	for path, named := range map[string]string{
		"/":                            "",
		"/v1/nowhere":                  "v1/nowhere",
		"/v1/inventory/":               "v1/inventory/",
		"/v1/inventory/inv_xyz789":     "v1/inventory/inv_xyz789",
		"/v1/inventory/product/":       "v1/inventory/product/",
		"//v1/inventory":               "/v1/inventory",
		"/v1/../v1/inventory":          "v1/../v1/inventory",
		"/v1/inventory/product/a/b":    "v1/inventory/product/a/b",
		"/api/v1/inventory?page=0&x=1": "api/v1/inventory",
	} {
		s.call("GET", path, "").wants(t, 404, plain("No static resource "+named))
	}
	for _, c := range []struct{ method, path, allow string }{
		{"DELETE", "/v1/inventory", "POST, GET, HEAD"},
		{"PUT", "/v1/warehouses/wh_abc123", "PATCH"},
		{"OPTIONS", "/v2/products", "GET, HEAD"},
		{"HEAD", "/v1/auth/login", "POST"},
	} {
		got := s.call(c.method, c.path, "")
		if got.status != 405 || got.header.Get("Allow") != c.allow {
			t.Errorf("%s %s: %d, Allow %q, want 405, %q", c.method, c.path, got.status, got.header.Get("Allow"), c.allow)
		}
	}
	head, get := s.call("HEAD", "/v1/warehouses", ""), s.call("GET", "/v1/warehouses", "")
	if head.status != 200 || head.body != "" || head.header.Get("Content-Length") != get.header.Get("Content-Length") {
		t.Errorf("HEAD is GET without its body: %d %q %v", head.status, head.body, head.header)
	}
}

func TestOddIDs(t *testing.T) {
	s := open(t, sandbox.Options{})
	for _, id := range []string{"a%2Fb", "..", "%2E%2E", "%00", "a%20b", "%F0%9F%93%A6", "%25", "'%3B--", "*", "{}", "low-stock"} {
		for _, path := range []string{"/v1/inventory/product/" + id, "/v1/inventory/product/" + id + "/sku/" + id} {
			s.call("GET", path, "").wants(t, 200, `{"status":true,"data":[]}`)
		}
		s.call("PATCH", "/v1/inventory/"+id+"/adjust", `{"qty":1,"action":"RECEIVED"}`).wants(t, 404, plain("Inventory record not found."))
		s.call("PATCH", "/v1/warehouses/"+id, `{}`).wants(t, 404, plain("Warehouse not found."))
		s.call("GET", "/v2/products/"+id, "").wants(t, 404, plain("Product not found."))
	}
	made := s.create(`{"productId":"a/b","skuId":"..","warehouseId":"wh_def456","initialQty":1}`)
	if got := s.stock("a%2Fb/sku/%2E%2E"); len(got) != 1 || got[0].ID != made.ID {
		t.Errorf("a record of an odd product is not found again: %+v", got)
	}
}

func TestBodies(t *testing.T) {
	s := open(t, sandbox.Options{})
	const malformed = `{"status":false,"code":"MALFORMED_REQUEST","message":"The request body is not a JSON object."}`
	for _, body := range []string{"{", "[]", "null", "5", `{"qty":1} {}`, `{"qty":01}`, "{\"notes\":\"\xff\"}"} {
		s.call("PATCH", "/v1/inventory/inv_xyz789/reserve", body).wants(t, 400, malformed)
	}
	const name = "/v1/warehouses"
	long := func(n int) string {
		return `{"name":"Kano","more":"` + strings.Repeat("x", n-len(`{"name":"Kano","more":""}`)) + `"}`
	}
	s.call("POST", name, long(1<<20+1)).wants(t, 413, `{"status":false,"code":"PAYLOAD_TOO_LARGE","message":"The request body is longer than 1048576 bytes."}`)
	s.call("POST", name, long(1<<20)).data(t, new(any))

	const media = `{"status":false,"code":"UNSUPPORTED_MEDIA_TYPE","message":"Content-Type must be application/json."}`
	r := s.request("POST", name, `{"name":"Kano"}`)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	s.send(r).wants(t, 415, media)
	s.call("POST", name, "").wants(t, 415, media)
	r = s.request("POST", name, `{"name":"Jos","colour":"green","Code":"IGNORED"}`)
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	var made struct{ Code string }
	s.send(r).data(t, &made)
	if made.Code != "JOS-01" {
		t.Errorf("unknown fields are ignored, and names are compared by letter: %+v", made)
	}
}
