package catalog

import (
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/bayworks/stockctl/internal/stock"
)

// Item is something that can be in stock: a product, or one SKU of it.
type Item struct {
	ProductID  string
	SKUID      string // blank for the product itself
	Name       string // of the product
	Type       string // SIMPLE, VARIABLE, DIGITAL or BUNDLE
	Code       string // the merchant's code of the SKU or the product
	Attributes string // of the SKU, for people: "Color Red, Size S"
	Archived   bool
	Seen       time.Time // when it was last read from the API
}

// Address is the item's address, in every warehouse.
func (i Item) Address() stock.Address { return stock.Address{Product: i.ProductID, SKU: i.SKUID} }

// Same reports whether two items are the same product or SKU.
func (i Item) Same(j Item) bool { return i.Address() == j.Address() }

// Label returns the item's id and name, for a person who has to choose.
func (i Item) Label() string {
	id := i.Address().String()
	if i.Name == "" {
		return id
	}
	return id + " (" + i.Name + ")"
}

// Warehouse is a warehouse in the copy.
type Warehouse struct {
	ID, Code, Name string
	Active         bool
}

// Record is the item and warehouse of an inventory record. They never change.
type Record struct{ ID, ProductID, SKUID, WarehouseID string }

// Fold makes codes comparable regardless of case and of how accents are encoded.
func Fold(code string) string {
	plain := true
	for i := range len(code) {
		plain = plain && code[i] < 0x80
	}
	if plain {
		return strings.ToLower(code)
	}
	return strings.ToLower(strings.ToUpper(norm.NFC.String(code)))
}
