package importer

import (
	"context"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/ledger"
)

// readProducts reads the products of the records that would be new: the API refuses
// a record of a product that it does not have, and of one that has no stock.
func (f *foresight) readProducts(ctx context.Context) error {
	ids := map[string]bool{}
	err := f.plan.writes.Each(func(w *ledger.Write) error {
		if _, stands := f.stands[w.Key]; w.Decided == nil && !stands {
			ids[w.Key.Product] = true
		}
		return nil
	})
	if err == nil {
		f.products, err = f.plan.env.Names.Known(ctx, ids)
	}
	return err
}

// refusal is what the API would say against a new record for its product's sake.
func (f *foresight) refusal(key Key) (would, why string) {
	p, read := f.products[key.Product]
	switch {
	case !read: // the account may not read it
		return WouldCreate, ""
	case p == nil:
		return WouldDoubt, "the store has no product " + key.Product
	case p.ProductType == "BUNDLE":
		return WouldRefuse, "product " + key.Product + " is a BUNDLE, which has no stock of its own"
	case p.ProductType == "VARIABLE" && key.SKU == "":
		return WouldRefuse, "product " + key.Product + " is VARIABLE: name a SKU"
	case key.SKU != "" && p.ProductType == "VARIABLE" && !hasSKU(p, key.SKU):
		return WouldDoubt, "product " + key.Product + " has no SKU " + key.SKU
	case key.SKU != "" && (p.ProductType == "SIMPLE" || p.ProductType == "DIGITAL"):
		return WouldRefuse, "product " + key.Product + " is " + p.ProductType + " and has no SKUs"
	}
	return WouldCreate, ""
}

func hasSKU(p *api.Product, id string) bool {
	for _, s := range p.SKUs() {
		if s.ID == id {
			return true
		}
	}
	return false
}
