package sandbox_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/sandbox"
)

func TestDashboardDialect(t *testing.T) {
	s := open(t, sandbox.Options{Dialect: sandbox.Dashboard})
	published := open(t, sandbox.Options{}).call("GET", "/v1/inventory?page=0&limit=1", "").body
	record := regexp.MustCompile(`\{"id":"inv_xyz789",.*?"updatedAt":"2026-01-05T09:00:00.000Z"\}`).FindString(published)
	if record = strings.ReplaceAll(record, `:00.000Z"`, `:00.000"`); record == "" { // times have no zone
		t.Fatalf("the published dialect shows %s", published)
	}
	s.call("GET", "/v1/inventory?page=0&limit=1", "").wants(t, 200,
		`{"status":true,"data":{"items":[`+record+`],"currentPage":1,"total":6}}`)
	s.call("GET", "/v1/inventory?page=7", "").wants(t, 200, `{"status":true,"data":{"items":[],"currentPage":8,"total":6}}`)
	s.call("GET", "/v1/inventory/product/prod_abc123", "").wants(t, 200, `{"status":true,"data":{"items":[`+record+`]}}`)
	s.call("GET", "/v1/inventory/product/none", "").wants(t, 200, `{"status":true,"data":{"items":[]}}`)
	s.call("GET", "/v1/inventory/logs?limit=1", "").wants(t, 200,
		`{"status":true,"data":{"logs":[{"id":"log_red256_sale","inventoryId":"inv_red256","productId":"prod_phone_789","tenantId":"tnt_sandbox",`+
			`"action":"SOLD","qty":-12,"reference":"SO-1001","notes":"Office order","adjustedBy":"ShopSynch",`+
			`"logDate":"2026-01-12T15:30:00.000","createdAt":"2026-01-12T15:30:00.000"}],"currentPage":1,"total":7}}`)
	s.call("GET", "/v1/inventory/logs?page=3", "").wants(t, 200, `{"status":true,"data":{"logs":[],"currentPage":4,"total":7}}`)

	const abuja = `{"id":"wh_def456","tenantId":"tnt_sandbox","name":"Abuja","code":"ABJ-01","address":"4 Garki Close, Abuja","default":true,` +
		`"active":true,"type":"OWNED","createdAt":"2026-01-05T09:00:00.000","updatedAt":"2026-04-01T10:30:00.123"}`
	s.call("PATCH", "/v1/warehouses/wh_def456", `{"default":true}`).wants(t, 200,
		`{"status":true,"message":"Warehouse updated successfully.","data":`+abuja+`}`)
	if got := s.call("GET", "/v1/warehouses", "").body; strings.Count(got, `"default":true`) != 1 || !strings.Contains(got, abuja) {
		t.Errorf("one warehouse is the default: %s", got)
	}
	s.call("PATCH", "/v1/warehouses/wh_abc123", `{"isDefault":true}`).data(t, new(any))
	if got := s.call("GET", "/v1/warehouses", "").body; strings.Contains(got, abuja) {
		t.Errorf("the published word is read too: %s", got)
	}

	s.call("POST", "/v1/inventory", `{"productId":"prod_abc123","warehouseId":"wh_abc123","initialQty":1}`).
		wants(t, 400, plain("An inventory record for this product already exists in the specified warehouse."))
	s.call("POST", "/v1/warehouses", `{"name":"Lagos","code":"LGS-01"}`).
		wants(t, 400, plain("A warehouse with code 'LGS-01' already exists for this store."))
	got := s.call("PATCH", red+"adjust", `{"qty":1,"action":"TRANSFERRED_IN"}`).body
	if strings.Contains(got, `Z"`) || !strings.Contains(got, `"lastStockAdjusted":"2026-04-01T10:30:00.123"`) {
		t.Errorf("times have no zone: %s", got)
	}
	if got := s.call("GET", "/v1/inventory/low-stock", "").body; !strings.Contains(got, `"lastStockAdjusted":"2026-04-01T10:30:00.123"}`) {
		t.Errorf("times have no zone: %s", got)
	}
}
