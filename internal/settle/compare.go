package settle

import (
	"encoding/json"
	"maps"
	"strconv"

	"github.com/bayworks/stockctl/internal/api"
)

// onHand is the only field that normally changes after a create.
const onHand = "onHandQty"

// Compare returns the requested fields that the record has with another value. It
// ignores fields that were not sent or that the response omits.
func Compare(asked api.CreateRecord, found api.Record) []Difference {
	var out []Difference
	text := func(field, want, got string) {
		if want != "" && got != "" && want != got {
			out = append(out, Difference{field, strconv.Quote(want), strconv.Quote(got)})
		}
	}
	number := func(field string, want, got *int64) {
		if want != nil && got != nil && *want != *got {
			out = append(out, Difference{field, strconv.FormatInt(*want, 10), strconv.FormatInt(*got, 10)})
		}
	}
	text("productId", asked.ProductID, found.ProductID)
	text("skuId", asked.SKUID, found.SKUID)
	text("warehouseId", asked.WarehouseID, found.WarehouseID)
	number(onHand, asked.InitialQty, found.OnHandQty)
	if found.Location != nil && asked.Location != "" && asked.Location != *found.Location {
		out = append(out, Difference{"location", strconv.Quote(asked.Location), strconv.Quote(*found.Location)})
	}
	number("reorderLevel", asked.ReorderLevel, found.ReorderLevel)
	number("reorderQty", asked.ReorderQty, found.ReorderQty)
	if len(asked.VariantAttributes) > 0 && found.VariantAttributes != nil && !maps.Equal(asked.VariantAttributes, found.VariantAttributes) {
		out = append(out, Difference{"variantAttributes", object(asked.VariantAttributes), object(found.VariantAttributes)})
	}
	return out
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
		case "productId", "skuId", "warehouseId":
			return false
		}
	}
	return true
}
