package stock_test

import (
	"testing"

	"github.com/bayworks/stockctl/internal/stock"
)

// Every field has a flag, and its name is unique.
func TestCreateFields(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range stock.CreateFields() {
		if f.Name == "" || f.Flag == "" || f.Usage == "" || f.Title == "" || f.Meaning == "" {
			t.Errorf("got %+v, want no blank text", f)
		}
		if seen[f.Name] || seen["--"+f.Flag] {
			t.Errorf("%s or --%s is not unique", f.Name, f.Flag)
		}
		seen[f.Name], seen["--"+f.Flag] = true, true
		if stock.FieldOf(f.Name) != f {
			t.Errorf("FieldOf(%q) = %+v", f.Name, stock.FieldOf(f.Name))
		}
	}
	if f := stock.FieldOf("onHandQty"); f != (stock.Field{}) {
		t.Errorf("an unknown field: %+v", f)
	}
}
