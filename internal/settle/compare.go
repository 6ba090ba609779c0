package settle

import (
	"encoding/json"
	"maps"
	"strconv"

	"github.com/bayworks/stockctl/internal/api"
)

// onHand is the one field that ordinary business changes after a create.
const onHand = "onHandQty"

// Compare lists the fields that were asked for and are in the record, but
// differ. A field that was not sent, or that the answer leaves out, says
// nothing.
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

// object writes attributes as JSON, keys sorted. A map of strings always
// marshals.
func object(m map[string]string) string {
	b, err := json.Marshal(m)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// onlyOnHand tells whether nothing but the quantity on hand differs.
func onlyOnHand(diffs []Difference) bool {
	for _, d := range diffs {
		if d.Field != onHand {
			return false
		}
	}
	return true
}

// sameKey tells whether product, SKU and warehouse are those asked for.
func sameKey(diffs []Difference) bool {
	for _, d := range diffs {
		switch d.Field {
		case "productId", "skuId", "warehouseId":
			return false
		}
	}
	return true
}
