package importer

import (
	"context"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/lookup"
)

// readProducts reads the products of the records that would be new: the API refuses
// a record of a product that it does not have, and of one that has no stock.
func (f *foresight) readProducts(ctx context.Context) error {
	ids := map[string]bool{}
	err := f.plan.writes.Each(func(w *ledger.Write) error {
		if _, stands := f.existing[w.Key]; w.Decided == nil && !stands {
			ids[w.Key.Product] = true
		}
		return nil
	})
	if err == nil {
		f.products, err = f.plan.env.Names.Known(ctx, ids)
	}
	return err
}

// refusal returns what would become of a new record because of its product.
func (f *foresight) refusal(key Key) (would, why string) {
	p, read := f.products[key.Product]
	if !read { // the account may not read it
		return WouldCreate, ""
	}
	err := lookup.Refusal(p, key.Product, key.SKU)
	switch {
	case err == nil:
		return WouldCreate, ""
	case failure.KindOf(err) == failure.NotFound:
		return WouldDoubt, err.Error()
	}
	return WouldRefuse, err.Error()
}
