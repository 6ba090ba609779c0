package importer

import (
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/stock"
)

// Key is how a row names its record.
type Key = stock.Key

// idOnly returns the id of a key that has one, without the other names of the record.
func idOnly(k Key) Key {
	if k.Record != "" {
		return Key{Record: k.Record}
	}
	return k
}

// otherName returns a key without its id, and reports whether the key has both an id and
// another name.
func otherName(k Key) (Key, bool) {
	also := k
	also.Record = ""
	return also, k.Record != "" && also.Product != ""
}

// keyOf returns the key of a record: its product, SKU and warehouse.
func keyOf(r api.Record) Key {
	return Key{Address: r.Address()}
}

// nameOf returns the field that names the record in messages, and its value.
func nameOf(k Key) (field, value string) {
	if k.Record != "" {
		return columns.FieldRecord, k.Record
	}
	return stock.ProductID, k.Product
}
