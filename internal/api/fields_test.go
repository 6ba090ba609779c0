package api_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/stock"
)

// The table of fields has the fields of the request, in the same order. Text and Number
// find each field in the request and in a record.
func TestFieldsOfACreateRequest(t *testing.T) {
	var names []string
	for i := range reflect.TypeFor[api.CreateRecord]().NumField() {
		if name, _, _ := strings.Cut(reflect.TypeFor[api.CreateRecord]().Field(i).Tag.Get("json"), ","); name != "-" {
			names = append(names, name)
		}
	}
	if got := stock.FieldNames(); !reflect.DeepEqual(got, names) {
		t.Errorf("the table has %q, the request %q", got, names)
	}
	var request api.CreateRecord
	var record api.Record
	for i, f := range stock.CreateFields() {
		place := reflect.ValueOf(&request).Elem().Field(i).Addr().Interface()
		text, n := "x", int64(7)
		switch f.Type {
		case stock.Attributes:
		case stock.Quantity:
			if got := request.Number(f.Name); got != place {
				t.Errorf("Number(%q) returns another field", f.Name)
			}
			record = api.Record{OnHandQty: &n, ReorderLevel: &n, ReorderQty: &n}
			if got := record.Number(f.Name); got == nil || *got != n {
				t.Errorf("a record has no %s", f.Name)
			}
		default:
			if got := request.Text(f.Name); got != place {
				t.Errorf("Text(%q) returns another field", f.Name)
			}
			record = api.Record{ProductID: text, SKUID: text, WarehouseID: text, Location: &text}
			if got := record.Text(f.Name); got == nil || *got != text {
				t.Errorf("a record has no %s", f.Name)
			}
		}
	}
}
