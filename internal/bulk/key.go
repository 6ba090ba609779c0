package bulk

import (
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/draft"
)

// Key is what a row calls its record: the record's id, or product, SKU and
// warehouse, of which the SKU may be blank.
type Key struct{ Record, Product, SKU, Warehouse string }

// keyOf is the key of a record by its product, SKU and warehouse.
func keyOf(r api.Record) Key {
	return Key{Product: r.ProductID, SKU: r.SKUID, Warehouse: r.WarehouseID}
}

// name is the field under which messages name the record, and its value.
func (k Key) name() (field, value string) {
	if k.Record != "" {
		return fieldRecord, k.Record
	}
	return draft.ProductID, k.Product
}

// text is the key in one piece. It must never change: shards go by it, and so
// does the column _n of reject files.
func (k Key) text() string {
	if k.Record != "" {
		return k.Record
	}
	return k.Product + "\x00" + k.SKU + "\x00" + k.Warehouse
}
