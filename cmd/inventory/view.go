package inventory

import (
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/output"
)

// recordView is how inventory records are shown. Operators know products,
// warehouses and shelves, so the ids of records and warehouses are left to the
// wide form.
func recordView() output.View[api.Record] {
	type column = output.Column[api.Record]
	return output.View[api.Record]{
		ID: func(r api.Record) string { return r.ID },
		Columns: []column{
			{Name: "id", Title: "ID", Keep: true, Wide: true, Value: func(r api.Record) any { return r.ID }},
			{Name: "productId", Title: "PRODUCT", Keep: true, Value: func(r api.Record) any { return r.ProductID }},
			{Name: "skuId", Title: "SKU", Keep: true, Value: func(r api.Record) any { return r.SKUID }},
			{Name: "warehouseId", Title: "WAREHOUSE ID", Keep: true, Wide: true, Value: func(r api.Record) any { return r.WarehouseID }},
			{Name: "warehouseName", Title: "WAREHOUSE", Value: warehouseName},
			{Name: "location", Title: "LOCATION", Value: func(r api.Record) any { return r.Location }},
			{Name: "onHandQty", Title: "ON HAND", Keep: true, Value: func(r api.Record) any { return r.OnHandQty }},
			{Name: "reservedQty", Title: "RESERVED", Keep: true, Value: func(r api.Record) any { return r.ReservedQty }},
			{Name: "availableQty", Title: "AVAILABLE", Keep: true, Mark: lowMark, Value: func(r api.Record) any { return r.AvailableQty }},
			{Name: "reorderLevel", Title: "REORDER AT", Wide: true, Value: func(r api.Record) any { return r.ReorderLevel }},
			{Name: "reorderQty", Title: "REORDER QTY", Wide: true, Value: func(r api.Record) any { return r.ReorderQty }},
			{Name: "variantAttributes", Title: "ATTRIBUTES", Wide: true, Value: func(r api.Record) any { return r.VariantAttributes }},
			{Name: "createdAt", Title: "CREATED", Wide: true, Value: func(r api.Record) any { return when(r.CreatedAt) }},
			{Name: "updatedAt", Title: "UPDATED", Wide: true, Value: func(r api.Record) any { return when(r.UpdatedAt) }},
		},
	}
}

func warehouseName(r api.Record) any { return r.WarehouseName }

func lowMark(r api.Record) output.Mark {
	if r.Low() {
		return output.MarkLow
	}
	return output.MarkNone
}

// when is a time for a cell: an absent one is blank, and one without a zone
// stays as it was sent, since only the server knows its place on the clock.
func when(t *api.Time) any {
	switch {
	case t == nil:
		return nil
	case t.Zoned:
		return t.Time
	}
	return t.String()
}

// entryView is how the account of a file of records is shown.
func entryView() output.View[entry] {
	type column = output.Column[entry]
	of := func(field func(api.Record) any) func(entry) any {
		return func(e entry) any {
			if e.Record == nil {
				return nil
			}
			return field(*e.Record)
		}
	}
	return output.View[entry]{
		ID: func(e entry) string {
			if e.Record == nil {
				return ""
			}
			return e.Record.ID
		},
		Columns: []column{
			{Name: "outcome", Title: "OUTCOME", Keep: true, Mark: outcomeMark, Value: func(e entry) any { return string(e.Outcome) }},
			{Name: "source", Title: "SOURCE", Keep: true, Value: func(e entry) any { return e.Source }},
			{Name: "id", Title: "ID", Wide: true, Value: of(func(r api.Record) any { return r.ID })},
			{Name: "productId", Title: "PRODUCT", Value: of(func(r api.Record) any { return r.ProductID })},
			{Name: "skuId", Title: "SKU", Value: of(func(r api.Record) any { return r.SKUID })},
			{Name: "warehouseName", Title: "WAREHOUSE", Value: of(warehouseName)},
			{Name: "onHandQty", Title: "ON HAND", Keep: true, Value: of(func(r api.Record) any { return r.OnHandQty })},
			{Name: "error", Title: "ERROR", Value: func(e entry) any {
				if e.Error == nil {
					return nil
				}
				return e.Error.Message
			}},
		},
	}
}

func outcomeMark(e entry) output.Mark {
	switch {
	case e.Error != nil:
		return output.MarkLow
	case e.Outcome == "created":
		return output.MarkOK
	}
	return output.MarkDim
}
