package lookup

import (
	"context"
	"iter"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
)

// Catalogue lists the products on sale with their codes, for callers that look up
// many. It reads the copy, and fills it first if it is too old for a write. Prices
// and attributes are left out.
func (n *Names) Catalogue(ctx context.Context) iter.Seq2[api.Product, error] {
	return func(yield func(api.Product, error) bool) {
		list, err := n.catalogue(ctx, bounds{})
		if err != nil {
			yield(api.Product{}, err)
			return
		}
		for _, p := range list {
			if !yield(*p, nil) {
				return
			}
		}
	}
}

func (n *Names) catalogue(ctx context.Context, b bounds) ([]*api.Product, error) {
	if err := n.identifyStore(ctx); err != nil {
		return nil, err
	}
	at, complete, err := n.copy.Complete(ctx)
	if err != nil {
		return nil, err
	}
	if !complete || !n.recent(at) {
		if err := n.refill(ctx, b); err != nil {
			return nil, err
		}
	}
	all, err := n.copy.All(ctx)
	if err != nil {
		return nil, err
	}
	var list []*api.Product
	byID := map[string]*api.Product{}
	for _, i := range all { // products come before their SKUs
		switch p := byID[i.ProductID]; {
		case i.Archived:
		case i.SKUID == "":
			byID[i.ProductID] = &api.Product{ID: i.ProductID, Name: i.Name, ProductType: i.Type, Code: i.Code}
			list = append(list, byID[i.ProductID])
		case p != nil:
			if len(p.VariantGroups) == 0 {
				p.VariantGroups = []api.VariantGroup{{}}
			}
			p.VariantGroups[0].SKUs = append(p.VariantGroups[0].SKUs, api.SKU{ID: i.SKUID, Code: i.Code})
		}
	}
	return list, nil
}

// Barcode returns the item of a barcode in this store.
func (n *Names) Barcode(ctx context.Context, code string) (item string, known bool, err error) {
	if n.barcodes == nil {
		return "", false, nil
	}
	store, err := n.Store(ctx)
	if err != nil {
		return "", false, err
	}
	return n.barcodes.Find(store, strings.TrimSpace(code))
}
