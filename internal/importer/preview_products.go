package importer

import (
	"context"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/lookup"
)

// readProducts reads the products of new records. The API refuses a record if its product
// does not exist or cannot have stock.
func (f *predictor) readProducts(ctx context.Context) error {
	ids := map[string]bool{}
	err := f.plan.writes.Each(func(w *ledger.Write) error {
		if _, exists := f.existing[w.Key]; w.Decided == nil && !exists {
			ids[w.Key.Product] = true
		}
		return nil
	})
	if err == nil {
		f.products, err = f.plan.env.Names.Known(ctx, ids)
	}
	return err
}

// refusal returns what would happen to a new record because of its product.
func (f *predictor) refusal(key Key) (would, why string) {
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
