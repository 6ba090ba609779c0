package api_test

import (
	"encoding/json"
	"fmt"
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
	read := func(field string, value any) {
		if err := json.Unmarshal(fmt.Appendf(nil, "{%q:%#v}", field, value), &record); err != nil {
			t.Fatal(err)
		}
	}
	for i, f := range stock.CreateFields() {
		place := reflect.ValueOf(&request).Elem().Field(i).Addr().Interface()
		text, n := "x", int64(7)
		switch f.Type {
		case stock.Attributes:
		case stock.Quantity:
			if got := request.Number(f.Name); got != place {
				t.Errorf("Number(%q) returns another field", f.Name)
			}
			read(strings.Replace(f.Name, "initialQty", "onHandQty", 1), n)
			if got := record.Number(f.Name); got == nil || *got != n {
				t.Errorf("a record has no %s", f.Name)
			}
		default:
			if got := request.Text(f.Name); got != place {
				t.Errorf("Text(%q) returns another field", f.Name)
			}
			read(f.Name, text)
			if got := record.Text(f.Name); got == nil || *got != text {
				t.Errorf("a record has no %s", f.Name)
			}
		}
	}
}
