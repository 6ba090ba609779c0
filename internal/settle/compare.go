package settle

import (
	"encoding/json"
	"strconv"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/stock"
)

// onHand is the only field that normally changes after a create.
const onHand = "onHandQty"

// Compare returns the requested fields that the record has with another value. It
// ignores fields that were not sent or that the response omits.
func Compare(asked api.CreateRecord, found api.Record) []Difference {
	var out []Difference
	for _, f := range stock.CreateFields() {
		want, got := values(f, &asked, &found)
		if want == "" || got == "" || want == got {
			continue
		}
		if f.Name == stock.InitialQty {
			f.Name = onHand
		}
		out = append(out, Difference{f.Name, want, got})
	}
	return out
}

// values returns a field of both as it appears in messages, blank if it is not
// known.
func values(f stock.Field, asked *api.CreateRecord, found *api.Record) (want, got string) {
	switch f.Type {
	case stock.Quantity:
		return digits(*asked.Number(f.Name)), digits(found.Number(f.Name))
	case stock.Attributes:
		if len(asked.VariantAttributes) > 0 && found.VariantAttributes != nil {
			return object(asked.VariantAttributes), object(found.VariantAttributes)
		}
	default:
		if text := *asked.Text(f.Name); text != "" {
			want = strconv.Quote(text)
		}
		if text := found.Text(f.Name); text != nil {
			got = strconv.Quote(*text)
		}
	}
	return want, got
}

func digits(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

// object returns attributes as JSON with sorted keys. Encoding a map of strings
// cannot fail.
func object(m map[string]string) string {
	b, err := json.Marshal(m)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// onlyOnHand reports whether only the quantity on hand differs.
func onlyOnHand(diffs []Difference) bool {
	for _, d := range diffs {
		if d.Field != onHand {
			return false
		}
	}
	return true
}

// sameKey reports whether product, SKU and warehouse are the requested ones.
func sameKey(diffs []Difference) bool {
	for _, d := range diffs {
		switch d.Field {
		case stock.ProductID, stock.SKUID, stock.WarehouseID:
			return false
		}
	}
	return true
}
