// Package show says how what the inventory verbs share looks: records,
// quantities, warehouses and times. It asks the API nothing.
package show

import (
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/output"
)

// Records is how inventory records are shown. Operators know products,
// warehouses and shelves, so the ids of records and warehouses are left to the
// wide form.
func Records() output.View[api.Record] {
	type column = output.Column[api.Record]
	return output.View[api.Record]{
		ID: func(r api.Record) string { return r.ID },
		Columns: []column{
			{Name: "id", Title: "ID", Keep: true, Wide: true, Value: func(r api.Record) any { return r.ID }},
			{Name: "productId", Title: "PRODUCT", Keep: true, Value: func(r api.Record) any { return r.ProductID }},
			{Name: "skuId", Title: "SKU", Keep: true, Value: func(r api.Record) any { return r.SKUID }},
			{Name: "warehouseId", Title: "WAREHOUSE ID", Keep: true, Wide: true, Value: func(r api.Record) any { return r.WarehouseID }},
			{Name: "warehouseName", Title: "WAREHOUSE", Value: WarehouseName},
			{Name: "location", Title: "LOCATION", Value: func(r api.Record) any { return r.Location }},
			{Name: "onHandQty", Title: "ON HAND", Keep: true, Value: func(r api.Record) any { return r.OnHandQty }},
			{Name: "reservedQty", Title: "RESERVED", Keep: true, Value: func(r api.Record) any { return r.ReservedQty }},
			{Name: "availableQty", Title: "AVAILABLE", Keep: true, Mark: lowMark, Value: func(r api.Record) any { return r.AvailableQty }},
			{Name: "reorderLevel", Title: "REORDER AT", Wide: true, Value: func(r api.Record) any { return r.ReorderLevel }},
			{Name: "reorderQty", Title: "REORDER QTY", Wide: true, Value: func(r api.Record) any { return r.ReorderQty }},
			{Name: "variantAttributes", Title: "ATTRIBUTES", Wide: true, Value: func(r api.Record) any { return r.VariantAttributes }},
			{Name: "createdAt", Title: "CREATED", Wide: true, Value: func(r api.Record) any { return Time(r.CreatedAt) }},
			{Name: "updatedAt", Title: "UPDATED", Wide: true, Value: func(r api.Record) any { return Time(r.UpdatedAt) }},
		},
	}
}

// WarehouseName is the cell of a record's warehouse.
func WarehouseName(r api.Record) any { return r.WarehouseName }

func lowMark(r api.Record) output.Mark {
	if r.Low() {
		return output.MarkLow
	}
	return output.MarkNone
}

// Time is a time for a cell: an absent one is blank, and one without a zone
// stays as it was sent, since only the server knows its place on the clock.
func Time(t *api.Time) any {
	switch {
	case t == nil:
		return nil
	case t.Zoned:
		return t.Time
	}
	return t.String()
}
