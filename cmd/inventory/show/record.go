// Package show has the views that the inventory commands share: records, quantities,
// warehouses and times. It makes no requests.
package show

import (
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/stock"
)

// Records is the view of inventory records. People know products, warehouses and
// shelves, so the ids of records and warehouses are only in the wide form.
func Records() output.View[api.Record] {
	type column = output.Column[api.Record]
	columns := []column{
		{Name: "id", Title: "ID", Keep: true, Wide: true, Value: func(r api.Record) any { return r.ID }},
		{Name: "productId", Title: "PRODUCT", Keep: true, Value: func(r api.Record) any { return r.ProductID }},
		{Name: "skuId", Title: "SKU", Keep: true, Value: func(r api.Record) any { return r.SKUID }},
		{Name: "warehouseId", Title: "WAREHOUSE ID", Keep: true, Wide: true, Value: func(r api.Record) any { return r.WarehouseID }},
		{Name: "warehouseName", Title: "WAREHOUSE", Value: WarehouseName},
		{Name: "location", Title: "LOCATION", Value: func(r api.Record) any { return r.Location }},
		{Name: "onHandQty", Title: "ON HAND", Keep: true, Value: func(r api.Record) any { return r.OnHandQty }},
		{Name: "reservedQty", Title: "RESERVED", Keep: true, Value: func(r api.Record) any { return r.ReservedQty }},
		{Name: "availableQty", Title: "AVAILABLE", Keep: true, Mark: lowMark, Value: func(r api.Record) any { return r.AvailableQty }},
	}
	for _, f := range stock.CreateFields() {
		if f.Column != "" {
			columns = append(columns, column{Name: f.Name, Title: f.Column, Wide: true, Value: valueOf(f)})
		}
	}
	columns = append(columns,
		column{Name: "createdAt", Title: "CREATED", Wide: true, Value: func(r api.Record) any { return r.CreatedAt.Shown() }},
		column{Name: "updatedAt", Title: "UPDATED", Wide: true, Value: func(r api.Record) any { return r.UpdatedAt.Shown() }},
	)
	return output.View[api.Record]{
		ID:      func(r api.Record) string { return r.ID },
		People:  people(),
		Columns: append(columns, Names(func(r api.Record) api.Named { return r.Named })...),
	}
}

// valueOf returns the cell of a field that a create request can set.
func valueOf(f stock.Field) func(api.Record) any {
	switch f.Type {
	case stock.Attributes:
		return func(r api.Record) any { return r.VariantAttributes }
	case stock.Quantity:
		return func(r api.Record) any { return r.Number(f.Name) }
	}
	return func(r api.Record) any { return r.Text(f.Name) }
}

// people returns the columns for people, who know codes and names.
func people() []output.Column[api.Record] {
	type column = output.Column[api.Record]
	return []column{
		{Name: "product", Title: "PRODUCT", Value: func(r api.Record) any { return Known(r.ProductName, r.ProductID) }},
		{Name: "sku", Title: "SKU", Keep: true, Value: func(r api.Record) any { return Known(r.SKUCode, r.SKUID) }},
		{Name: "warehouse", Title: "WAREHOUSE", Keep: true, Value: Place},
		{Name: "location", Title: "LOCATION", Spare: 1, Value: func(r api.Record) any { return r.Location }},
		{Name: "onHandQty", Title: "ON HAND", Keep: true, Value: func(r api.Record) any { return r.OnHandQty }},
		{Name: "reservedQty", Title: "RESERVED", Keep: true, Value: func(r api.Record) any { return r.ReservedQty }},
		{Name: "availableQty", Title: "AVAILABLE", Keep: true, Mark: lowMark, Value: func(r api.Record) any { return r.AvailableQty }},
	}
}

// Names returns the columns with the names for ids, which are the last columns of every
// view.
func Names[T any](of func(T) api.Named) []output.Column[T] {
	return []output.Column[T]{
		{Name: "productName", Title: "PRODUCT NAME", Wide: true, Value: func(v T) any { return of(v).ProductName }},
		{Name: "skuCode", Title: "SKU CODE", Wide: true, Value: func(v T) any { return of(v).SKUCode }},
		{Name: "warehouseCode", Title: "WAREHOUSE CODE", Wide: true, Value: func(v T) any { return of(v).WarehouseCode }},
	}
}

// NameFields returns the names of those columns.
func NameFields() []string { return []string{"productName", "skuCode", "warehouseCode"} }

// Known returns the name of a thing, or its id if it has none.
func Known(name *string, id string) string {
	if name != nil && *name != "" {
		return *name
	}
	return id
}

// Place returns the cell with a record's warehouse, as people know it.
func Place(r api.Record) any {
	if r.WarehouseName != "" {
		return Known(r.WarehouseCode, r.WarehouseName)
	}
	return Known(r.WarehouseCode, r.WarehouseID)
}

// WarehouseName returns the cell with the name of a record's warehouse.
func WarehouseName(r api.Record) any { return r.WarehouseName }

func lowMark(r api.Record) output.Mark {
	if r.Low() {
		return output.MarkLow
	}
	return output.MarkNone
}
