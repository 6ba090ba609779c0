package importer

import (
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/stock"
)

// Key is what a row calls its record.
type Key = stock.Key

// bare is a key without what else names the record.
func bare(k Key) Key {
	if k.Record != "" {
		return Key{Record: k.Record}
	}
	return k
}

// weaker is what else names the record of a key with an id, and whether anything does.
func weaker(k Key) (Key, bool) {
	also := k
	also.Record = ""
	return also, k.Record != "" && also.Product != ""
}

// keyOf is the key of a record by its product, SKU and warehouse.
func keyOf(r api.Record) Key {
	return Key{Address: r.Address()}
}

// nameOf is the field under which messages name the record, and its value.
func nameOf(k Key) (field, value string) {
	if k.Record != "" {
		return columns.FieldRecord, k.Record
	}
	return stock.ProductID, k.Product
}
