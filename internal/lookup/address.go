package lookup

import (
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// Address names inventory records the way people do: PRODUCT[/SKU][@WAREHOUSE].
type Address struct {
	ProductID string
	SKU       string // an id or the merchant's own code; blank for none or any
	Warehouse string // an id, a code or a name; blank for every warehouse
}

// ParseAddress reads PRODUCT[/SKU][@WAREHOUSE]. The product ends at the first
// slash, the warehouse begins after the last @, so a merchant's SKU code may
// hold slashes.
func ParseAddress(text string) (Address, error) {
	item, warehouse, hasWarehouse := cutLast(text, "@")
	product, sku, hasSKU := strings.Cut(item, "/")
	a := Address{ProductID: product, SKU: sku, Warehouse: warehouse}
	if product == "" || hasSKU && sku == "" || hasWarehouse && warehouse == "" {
		return Address{}, failure.Usagef("%q is not an address: write PRODUCT[/SKU][@WAREHOUSE], for example prod_phone_789/sku_red_256gb@LGS-01", text)
	}
	return a, nil
}

// String writes the address as ParseAddress reads it.
func (a Address) String() string {
	s := a.ProductID
	if a.SKU != "" {
		s += "/" + a.SKU
	}
	if a.Warehouse != "" {
		s += "@" + a.Warehouse
	}
	return s
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
