package importer

import (
	"context"
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
)

// maxNames bounds what is remembered of names that were looked up.
const maxNames = 10_000

// names resolves the warehouses and SKU codes of a table without a request for
// each row: the warehouses are read once, and so is the product list where
// codes are used.
type names struct {
	lookup *lookup.Names
	mode   Mode

	warehouses map[string]resolved
	skus       map[[2]string]string // product and code → id; nil until codes are used
	products   map[string]bool
}

// resolved is what a name stands for, or what is wrong with it.
type resolved struct{ id, what string }

func newNames(l *lookup.Names, mode Mode) *names {
	return &names{lookup: l, mode: mode, warehouses: map[string]resolved{}}
}

// warehouse returns the id of a warehouse, or what is wrong with its name.
func (n *names) warehouse(ctx context.Context, text string) (id, what string, err error) {
	if known, ok := n.warehouses[text]; ok {
		return known.id, known.what, nil
	}
	find := n.lookup.Warehouse
	if n.mode == Create { // only new records need a warehouse that is active
		find = n.lookup.ActiveWarehouse
	}
	var w api.Warehouse
	w, err = find(ctx, text)
	switch failure.KindOf(err) {
	case failure.NotFound, failure.Usage, failure.Refused:
		what = err.Error()
		if hint := failure.HintOf(err); hint != "" {
			what += " (" + hint + ")"
		}
	default:
		if err != nil {
			return "", "", err
		}
	}
	if len(n.warehouses) < maxNames {
		n.warehouses[text] = resolved{w.ID, what}
	}
	return w.ID, what, nil
}

// sku returns the id of a SKU by the merchant's own code.
func (n *names) sku(ctx context.Context, product, code string) (id, what string, err error) {
	if n.skus == nil {
		if err := n.readProducts(ctx); err != nil {
			return "", "", fmt.Errorf("reading the products for the column sku: %w", err)
		}
	}
	id, found := n.skus[[2]string{product, code}]
	switch {
	case found && id == "":
		return "", "is the code of several SKUs of product " + product + ": give skuId", nil
	case found:
		return id, "", nil
	case !n.products[product]:
		return "", "product " + product + " is not in the product list, so its codes are not known: give skuId", nil
	}
	return "", "product " + product + " has no SKU with this code", nil
}

// readProducts reads the whole list, once.
func (n *names) readProducts(ctx context.Context) error {
	skus, products := map[[2]string]string{}, map[string]bool{}
	for p, err := range n.lookup.Products(ctx) {
		if err != nil {
			return err
		}
		products[p.ID] = true
		for _, s := range p.SKUs() {
			if s.Code == "" || s.ID == "" {
				continue
			}
			name := [2]string{p.ID, s.Code}
			if other, twice := skus[name]; twice && other != s.ID {
				skus[name] = "" // ambiguous
				continue
			}
			skus[name] = s.ID
		}
	}
	n.skus, n.products = skus, products
	return nil
}
