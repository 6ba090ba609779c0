package sandbox_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/bayworks/stockctl/internal/sandbox"
)

// sample is a call to the API.
type sample struct{ method, path, body string }

// samples returns calls that together cover every operation and every response
// schema.
func samples() []sample {
	const record = "/v1/inventory/inv_red256"
	return []sample{
		{"POST", "/v1/auth/login", `{"email":"merchant@example.com","password":"sandbox-password"}`},
		{"GET", "/v1/users/profile", ""},
		{"GET", "/v1/inventory", ""},
		{"POST", "/v1/inventory", `{"productId":"prod_abc123","warehouseId":"wh_def456","initialQty":50}`},
		{"GET", "/v1/inventory/product/prod_phone_789", ""},
		{"GET", "/v1/inventory/product/prod_phone_789/sku/sku_red_256gb", ""},
		{"GET", "/v1/inventory/low-stock", ""},
		{"PATCH", record + "/adjust", `{"qty":5,"action":"RECEIVED"}`},
		{"PATCH", record + "/reserve", `{"qty":1}`},
		{"PATCH", record + "/release", `{"qty":1}`},
		{"GET", "/v1/inventory/logs", ""},
		{"GET", "/v1/warehouses", ""},
		{"POST", "/v1/warehouses", `{"name":"Kano Depot"}`},
		{"PATCH", "/v1/warehouses/wh_def456", `{"active":true}`},
		{"GET", "/v2/products", ""},
		{"GET", "/v2/products/prod_phone_789", ""},
		// The four error bodies. The request without a path has no token.
		{"POST", "/v1/auth/login", `{"email":"merchant@example.com","password":"wrong"}`},
		{"PATCH", record + "/adjust", `{"qty":0,"action":"SOLD"}`},
		{"GET", "/v2/products/none", ""},
		{"GET", "", ""},
	}
}

// For each schema of the document, a response with an extra key, a value of the
// wrong type or a missing required key must fail validation.
func TestInvalidResponsesAreDetected(t *testing.T) {
	tried := map[string]bool{}
	for _, dialect := range []sandbox.Dialect{sandbox.Published, sandbox.Dashboard} {
		s, d := open(t, sandbox.Options{Dialect: dialect}), documentOf(t, dialect)
		operations := map[string]bool{}
		for _, one := range samples() {
			r := s.request(one.method, one.path, one.body)
			if one.path == "" {
				r.Header.Del("Authorization")
			}
			got := s.send(r)
			schema := d.response(one.method, one.path, got.status)
			if got.status < 300 {
				for path, item := range d.doc.Paths.Map() {
					if _, matches := matchPath(path, one.path); matches && item.GetOperation(one.method) != nil {
						operations[item.GetOperation(one.method).OperationID] = true
					}
				}
			}
			bend := bender{t: t, schema: schema.Value, body: got.body, where: string(dialect) + " " + one.method + " " + one.path, tried: tried}
			var value any
			if err := json.Unmarshal([]byte(got.body), &value); err != nil {
				t.Fatal(err)
			}
			bend.walk(schema, value, nil)
		}
		for path, item := range d.doc.Paths.Map() {
			for method, operation := range item.Operations() {
				if !operations[operation.OperationID] {
					t.Errorf("no sample covers a successful %s %s", method, path)
				}
			}
		}
	}
	for _, name := range responseSchemas(t) {
		if !tried[name] {
			t.Errorf("no sample covers the schema %s", name)
		}
	}
}

// responseSchemas returns the names of the object schemas used in responses.
func responseSchemas(t *testing.T) (names []string) {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile(documentFile)
	if err != nil {
		t.Fatal(err)
	}
	for name, schema := range doc.Components.Schemas {
		if len(schema.Value.Properties) > 0 && !slices.Contains(requestSchemas(), name) {
			names = append(names, name)
		}
	}
	if len(names) < 25 {
		t.Fatalf("only %d schemas found", len(names))
	}
	return names
}

func requestSchemas() []string {
	return []string{
		"LoginRequest", "CreateRecord", "Adjustment", "Reservation",
		"CreateWarehouse", "DashboardCreateWarehouse", "UpdateWarehouse", "DashboardUpdateWarehouse",
	}
}

// bender invalidates one response in turn at each object and key in it.
type bender struct {
	t      *testing.T
	schema *openapi3.Schema // of the complete response
	body   string
	where  string
	tried  map[string]bool
}

// walk visits a value along with its schema; at is the path to the value.
func (b bender) walk(ref *openapi3.SchemaRef, value any, at []any) {
	for _, one := range ref.Value.OneOf {
		if one.Value.VisitJSON(value) == nil {
			b.walk(one, value, at)
			return
		}
	}
	switch value := value.(type) {
	case []any:
		for i := range value[:min(1, len(value))] {
			b.walk(ref.Value.Items, value[i], append(slices.Clip(at), i))
		}
	case map[string]any:
		if len(ref.Value.Properties) == 0 {
			return
		}
		name := ref.Ref[strings.LastIndexByte(ref.Ref, '/')+1:]
		b.tried[name] = true
		b.bent(name+" with an extra key", at, func(o map[string]any) { o["surprise"] = 1 })
		for _, key := range ref.Value.Required {
			if name == "CodedRefusal" && key == "code" {
				continue // without its code it is a valid Refusal
			}
			b.bent(name+" without "+key, at, func(o map[string]any) { delete(o, key) })
		}
		for _, key := range slices.Sorted(maps.Keys(value)) {
			b.bent(name+" with another type of "+key, at, func(o map[string]any) { o[key] = otherType(o[key]) })
			b.walk(ref.Value.Properties[key], value[key], append(slices.Clip(at), key))
		}
	}
}

// otherType returns a value that is never valid in place of the given one, not
// even where null is allowed.
func otherType(value any) any {
	if _, is := value.([]any); is {
		return "text"
	}
	return []any{}
}

// bent applies a change at a path and checks that the response fails validation.
func (b bender) bent(what string, at []any, change func(map[string]any)) {
	b.t.Helper()
	var whole any
	if err := json.Unmarshal([]byte(b.body), &whole); err != nil {
		b.t.Fatal(err)
	}
	place := whole
	for _, step := range at {
		switch step := step.(type) {
		case string:
			place = place.(map[string]any)[step]
		case int:
			place = place.([]any)[step]
		}
	}
	change(place.(map[string]any))
	if b.schema.VisitJSON(whole) == nil {
		b.t.Errorf("%s: %s passes validation", b.where, what)
	}
}

// The sandbox must accept the document's example requests, and their schemas must
// reject unknown keys as those of responses do.
func TestRequestsAreDescribed(t *testing.T) {
	schemas := documentOf(t, sandbox.Published).doc.Components.Schemas
	for _, name := range requestSchemas() {
		schema := schemas[name].Value
		sent := map[string]any{"default": true, "name": "Kano Depot"} // the two bodies of the dashboard have no example
		if example, is := schema.Example.(map[string]any); is {
			sent = maps.Clone(example)
		}
		if err := schema.VisitJSON(sent); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, key := range schema.Required {
			less := maps.Clone(sent)
			delete(less, key)
			if schema.VisitJSON(less) == nil {
				t.Errorf("%s is valid without %s", name, key)
			}
		}
		sent["surprise"] = 1
		if schema.VisitJSON(sent) == nil {
			t.Errorf("%s accepts an unknown key", name)
		}
	}
	s := open(t, sandbox.Options{})
	for _, one := range []struct{ method, path, schema string }{
		{"POST", "/v1/inventory", "CreateRecord"},
		{"PATCH", "/v1/inventory/inv_xyz789/adjust", "Adjustment"},
		{"PATCH", "/v1/inventory/inv_xyz789/reserve", "Reservation"},
		{"POST", "/v1/warehouses", "CreateWarehouse"},
		{"PATCH", "/v1/warehouses/wh_def456", "UpdateWarehouse"},
	} {
		body, err := json.Marshal(schemas[one.schema].Value.Example)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.call(one.method, one.path, string(body)); got.status >= http.StatusBadRequest {
			t.Errorf("%s: the example is refused: %d %s", one.schema, got.status, got.body)
		}
	}
}
