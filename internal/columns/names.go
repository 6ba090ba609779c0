package columns

import (
	"context"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/stock"
)

// maxNames is how many lookups are cached.
const maxNames = 10_000

// Names resolves the warehouses and items of a table without a request per row. It reads
// the warehouses once, and the product list only if some items are not named by id.
type Names struct {
	lookup   *lookup.Names
	barcodes Barcodes
	mode     Mode

	warehouses map[written]resolved
	places     map[string]bool // whether a text names a warehouse
	products   *productList    // nil until it is needed
	wants      string          // the field that needs the products
}

// written is a name in a field.
type written struct{ field, text string }

// resolved is an id, or what is wrong with the name.
type resolved struct{ id, what string }

// NewNames returns the names of one table. barcodes may be nil.
func NewNames(found *lookup.Names, barcodes Barcodes, mode Mode) *Names {
	return &Names{lookup: found, barcodes: barcodes, mode: mode, warehouses: map[written]resolved{}, places: map[string]bool{}}
}

// warehouse returns the id of a warehouse that a field names, or what is wrong with its
// name.
func (n *Names) warehouse(ctx context.Context, field, text string) (id, what string, err error) {
	key := written{field, text}
	if known, ok := n.warehouses[key]; ok {
		return known.id, known.what, nil
	}
	find := n.lookup.Warehouse
	if n.mode == Create { // only new records need an active warehouse
		find = n.lookup.ActiveWarehouse
	}
	var w api.Warehouse
	w, err = find(ctx, text)
	if api.Answered(err) { // the API refused the list, which is not a mistake in the file
		return "", "", err
	}
	switch failure.KindOf(err) {
	case failure.NotFound, failure.Usage, failure.Refused:
		if what = stock.Debris(text); what != "" {
			break
		}
		what = failure.Sentence(err)
		if failure.KindOf(err) == failure.NotFound && !strings.Contains(text, "*") {
			what += "; --value " + failure.Arg(field+":"+text+"=WAREHOUSE") + " translates it"
		}
	default:
		if err != nil {
			return "", "", err
		}
	}
	if len(n.warehouses) < maxNames {
		n.warehouses[key] = resolved{w.ID, what}
	}
	return w.ID, what, nil
}

// isWarehouse reports whether a text names a warehouse of the store, active or not. It
// is always false if the account may not read the warehouses.
func (n *Names) isWarehouse(ctx context.Context, text string) (bool, error) {
	if known, ok := n.places[text]; ok {
		return known, nil
	}
	w, err := n.lookup.WarehouseOrID(ctx, text)
	switch failure.KindOf(err) {
	case failure.NotFound, failure.Usage:
	default:
		if err != nil {
			return false, err
		}
	}
	is := err == nil && !lookup.Unlisted(w)
	if len(n.places) < maxNames {
		n.places[text] = is
	}
	return is, nil
}

// sku returns the id of a product's SKU by the merchant's code.
func (n *Names) sku(ctx context.Context, product, code string) (id, what string, err error) {
	n.wants = fieldSKUCode
	c, err := n.items(ctx)
	if err != nil {
		return "", "", err
	}
	kind, listed := c.kinds[product]
	if !listed {
		return "", "product " + product + " is not in the product list, so its codes cannot be looked up: give skuId", nil
	}
	var found []stock.Address
	for _, item := range c.byCode(code) {
		if item.Product == product {
			found = append(found, item)
		}
	}
	switch {
	case len(found) == 1:
		return found[0].SKU, "", nil
	case len(found) > 1:
		return "", "is the code of several SKUs of product " + product + ": give skuId", nil
	case kind != "VARIABLE" && kind != "":
		return "", "product " + product + " does not have this code", nil
	}
	return "", "product " + product + " has no SKU with this code", nil
}
