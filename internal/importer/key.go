package importer

import (
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/stock"
)

// Key is what a row calls its record.
type Key = stock.Key

// keyOf is the key of a record by its product, SKU and warehouse.
func keyOf(r api.Record) Key {
	return Key{Product: r.ProductID, SKU: r.SKUID, Warehouse: r.WarehouseID}
}

// nameOf is the field under which messages name the record, and its value.
func nameOf(k Key) (field, value string) {
	if k.Record != "" {
		return fieldRecord, k.Record
	}
	return draft.ProductID, k.Product
}
