package columns

import (
	"strings"

	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/stock"
)

// synonyms are what other systems call a field, folded, the likeliest first.
func synonyms(field string) []string {
	switch field {
	case fieldSKUCode:
		return []string{"sku", "skucode", "variantsku", "sellersku", "itemcode", "productcode", "articlecode", "articlenumber", "article", "artikel", "itemnumber", "itemno", "partnumber", "stockcode", "code", "reference", "internalreference", "item", "itemsku", "lineitemsku"}
	case fieldBarcode:
		return []string{"barcode", "ean", "ean13", "gtin", "upc", "isbn"}
	case fieldName:
		return []string{"productname", "itemname", "product", "title", "name", "description"}
	case stock.InitialQty, fieldOnHand, fieldQty, fieldCounted, fieldQuantity:
		return []string{"onhand", "qtyonhand", "quantityonhand", "qty", "quantity", "stock", "stocklevel", "stockquantity", "instock", "available", "count", "counted", "inventoryquantity", "currentquantity", "menge", "bestand"}
	case FieldFrom:
		return []string{"fromwarehouse", "fromlocation", "source", "sourcelocation", "sourcewarehouse", "origin"}
	case FieldTo:
		return []string{"towarehouse", "tolocation", "destination", "destinationlocation", "destinationwarehouse", "target"}
	case fieldAction:
		return []string{"action", "type", "reason", "movementtype"}
	}
	return strings.Fields(stock.FieldOf(field).Synonyms)
}

// guess is the column that a missing field may be, and the field it is then. Of
// those that name an item any will do.
func guess(c *Mapping, missing string) (name, field string) {
	field, _, _ = strings.Cut(missing, " ")
	fields := []string{field}
	if field == stock.ProductID {
		fields = []string{fieldSKUCode, fieldBarcode, fieldName}
	}
	for _, field := range fields {
		for _, word := range synonyms(field) {
			for i, name := range c.names {
				if c.target[i] < 0 && intake.Fold(name) == word {
					return name, field
				}
			}
		}
	}
	return "", ""
}
