package sandbox_test

import (
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/sandbox"
)

type warehouse struct {
	ID, Name, Code, Type string
	Address              *string
	IsDefault, Active    bool
}

func (s *shop) warehouses() (out []warehouse) {
	s.t.Helper()
	s.call("GET", "/v1/warehouses", "").data(s.t, &out)
	return out
}

func TestWarehouseValidation(t *testing.T) {
	s := open(t, sandbox.Options{})
	long := strings.Repeat("é", 256)
	for _, c := range []struct{ body, want string }{
		{`{}`, "name is required"},
		{`{"name":" "}`, "name must have 1 to 100 characters"},
		{`{"name":7}`, "name must be a string"},
		{`{"name":"` + long[:101*2] + `"}`, "name must have 1 to 100 characters"},
		{`{"name":"Kano","code":""}`, "code must have 1 to 20 characters"},
		{`{"name":"Kano","code":"` + long[:21*2] + `"}`, "code must have 1 to 20 characters"},
		{`{"name":"Kano","address":"Kano"}`, "address must have 5 to 255 characters"},
		{`{"name":"Kano","address":"` + long + `"}`, "address must have 5 to 255 characters"},
		{`{"name":"Kano","type":"RENTED"}`, "type must be one of OWNED, SUPPLIER, CONSIGNMENT, THIRD_PARTY_LOGISTICS"},
		{`{"name":"Kano","isDefault":"yes"}`, "isDefault must be true or false"},
	} {
		s.call("POST", "/v1/warehouses", c.body).wants(t, 400, failedValidation(c.want))
	}
	s.call("PATCH", "/v1/warehouses/wh_def456", `{"active":1,"name":""}`).
		wants(t, 400, failedValidation("name must have 1 to 100 characters; active must be true or false"))
	s.call("POST", "/v1/warehouses", `{"name":"`+long[:200]+`","code":"`+long[:40]+`","address":"`+long[:510]+`"}`).data(t, new(any))
}

func TestWarehouseCodes(t *testing.T) {
	s := open(t, sandbox.Options{})
	const taken = "A warehouse with code 'LGS-01' already exists for this store."
	s.call("POST", "/v1/warehouses", `{"name":"Second","code":"LGS-01"}`).wants(t, 409, plain(taken))
	s.call("POST", "/v1/warehouses", `{"name":"Second","code":"lgs-01"}`).wants(t, 409, plain(strings.ReplaceAll(taken, "LGS", "lgs")))
	s.call("PATCH", "/v1/warehouses/wh_def456", `{"code":"LGS-01"}`).wants(t, 409, plain(taken))
	s.call("PATCH", "/v1/warehouses/wh_abc123", `{"code":"lgs-01"}`).data(t, new(any))
	for _, c := range []struct{ name, want string }{
		{"Kano", "KAN-01"}, {"Kano", "KAN-02"}, {"Éko", "WHS-01"}, {"4 U", "WHS-02"}, {"ab 1 c", "ABC-01"},
	} {
		var got warehouse
		s.call("POST", "/v1/warehouses", `{"name":"`+c.name+`"}`).data(t, &got)
		if got.Code != c.want {
			t.Errorf("the code made up for %q is %q, want %q", c.name, got.Code, c.want)
		}
	}
}

func TestOneDefaultWarehouse(t *testing.T) {
	s := open(t, sandbox.Options{})
	defaults := func() (codes []string) {
		for _, w := range s.warehouses() {
			if w.IsDefault {
				codes = append(codes, w.Code)
			}
		}
		return codes
	}
	for _, c := range []struct{ method, path, body, want string }{
		{"PATCH", "/wh_def456", `{"isDefault":true}`, "ABJ-01"},
		{"POST", "", `{"name":"Kano","isDefault":true}`, "KAN-01"},
		{"PATCH", "/wh_abc123", `{"name":"Lagos","default":true}`, "KAN-01"}, // the dashboard's word
		{"PATCH", "/wh_abc123", `{"isDefault":true}`, "LGS-01"},
		{"PATCH", "/wh_abc123", `{"isDefault":null,"address":"1 New Road"}`, "LGS-01"},
	} {
		s.call(c.method, "/v1/warehouses"+c.path, c.body).data(t, new(any))
		if got := defaults(); len(got) != 1 || got[0] != c.want {
			t.Errorf("after %s %s the default is %v, want %s", c.method, c.body, got, c.want)
		}
	}
	first := s.warehouses()[0]
	if first.Name != "Lagos" || *first.Address != "1 New Road" || first.Code != "LGS-01" || !first.Active || first.Type != "OWNED" {
		t.Errorf("only the fields that were sent may change: %+v", first)
	}
}

func TestInactiveWarehouseKeepsItsRecords(t *testing.T) {
	s := open(t, sandbox.Options{})
	s.call("PATCH", "/v1/warehouses/wh_abc123", `{"active":false}`).data(t, new(any))
	s.call("PATCH", red+"adjust", `{"qty":1,"action":"RECEIVED"}`).data(t, new(any))
	s.call("POST", "/v1/inventory", `{"productId":"p","warehouseId":"wh_abc123","initialQty":1}`).
		wants(t, 422, plain("Warehouse 'LGS-01' is inactive and takes no new inventory records."))
	s.call("PATCH", "/v1/warehouses/wh_abc123", `{"active":true,"name":"Lagos Island"}`).data(t, new(any))
	s.create(`{"productId":"p","warehouseId":"wh_abc123","initialQty":1}`)
}
