package catalog

import (
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/bayworks/stockctl/internal/stock"
)

// Item is what stock can be kept of: a product, or one SKU of it.
type Item struct {
	ProductID  string
	SKUID      string // blank for the product itself
	Name       string // of the product
	Type       string // SIMPLE, VARIABLE, DIGITAL or BUNDLE
	Code       string // the merchant's own, of the SKU or of the product
	Attributes string // of the SKU, as people read them: "Color Red, Size S"
	Archived   bool
	Seen       time.Time // when the API last said so
}

// Same tells whether two items are one thing.
func (i Item) Same(j Item) bool { return i.ProductID == j.ProductID && i.SKUID == j.SKUID }

// Label names the item for a person who has to choose: by its code where it has
// one, its ids, and its name.
func (i Item) Label() string {
	id := stock.Item(i.ProductID, i.SKUID)
	if i.Name == "" {
		return id
	}
	return id + " (" + i.Name + ")"
}

// Warehouse is what the copy knows of a warehouse.
type Warehouse struct {
	ID, Code, Name string
	Active         bool
}

// Record is what an inventory record is for. It never changes.
type Record struct{ ID, ProductID, SKUID, WarehouseID string }

// Fold makes codes comparable without regard to case and to how an accent is
// written.
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
