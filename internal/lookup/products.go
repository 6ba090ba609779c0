package lookup

import (
	"context"
	"errors"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

const (
	// fewProducts is how many products are always requested one by one.
	fewProducts = 2
	// askers is the number of concurrent requests for products.
	askers = 4
	// maxUnlisted is how many products that are not in the list are requested. They
	// may be archived.
	maxUnlisted = 100
)

// Known reads products by their ids, one by one or from the full list, whichever
// needs fewer requests. The value is nil for a product that does not exist. Products
// that the account may not read are left out.
func (n *Names) Known(ctx context.Context, ids map[string]bool) (map[string]*api.Product, error) {
	found := map[string]*api.Product{}
	list, listed, err := n.cheapList(ctx, len(ids))
	if err != nil {
		return nil, forbidden(err)
	}
	for _, p := range list {
		if ids[p.ID] {
			found[p.ID] = p
		}
	}
	var rest []string
	for id := range ids {
		switch {
		case found[id] != nil:
		case listed && len(rest) == maxUnlisted:
			found[id] = nil
		default:
			rest = append(rest, id)
		}
	}
	return found, n.askEach(ctx, rest, found)
}

// cheapList returns the products on sale if reading the list needs fewer requests than
// that many products. Its first page shows how many there are.
func (n *Names) cheapList(ctx context.Context, products int) (list []*api.Product, cheap bool, err error) {
	if products <= fewProducts {
		return nil, false, nil
	}
	list, err = n.catalogue(ctx, bounds{most: products*pageSize - 1, stated: true})
	if errors.Is(err, errLarge) {
		return nil, false, nil
	}
	return list, err == nil, err
}

// askEach requests products one by one.
func (n *Names) askEach(ctx context.Context, ids []string, found map[string]*api.Product) error {
	var mu sync.Mutex
	all, ctx := errgroup.WithContext(ctx)
	all.SetLimit(askers)
	for _, id := range ids {
		all.Go(func() error {
			p, err := n.product(ctx, id)
			missing := failure.KindOf(err) == failure.NotFound
			if err != nil && !missing {
				return forbidden(err)
			}
			mu.Lock()
			defer mu.Unlock()
			found[id] = nil
			if !missing {
				found[id] = &p
			}
			return nil
		})
	}
	return all.Wait()
}

// forbidden drops the error if the account may not read products, or if the API has
// no list of them.
func forbidden(err error) error {
	switch failure.KindOf(err) {
	case failure.Permission, failure.NotFound:
		return nil
	}
	return err
}

// Refusal returns why the API would refuse a new record of a product, or nil. The
// product is nil if the store does not have it. Its kind is NotFound if the API of the
// store may accept it nevertheless.
func Refusal(p *api.Product, productID, skuID string) error {
	switch {
	case p == nil:
		return failure.New(failure.NotFound, "the store has no product %s", productID)
	case p.ProductType == "BUNDLE":
		return failure.New(failure.Refused, "product %s is a BUNDLE, which has no stock of its own", productID)
	case p.ProductType == "VARIABLE" && skuID == "":
		return failure.New(failure.Refused, "product %s is VARIABLE: name a SKU", productID)
	case p.ProductType == "VARIABLE" && !slices.ContainsFunc(p.SKUs(), func(s api.SKU) bool { return s.ID == skuID }):
		return failure.New(failure.NotFound, "product %s has no SKU %s", productID, skuID)
	case skuID != "" && (p.ProductType == "SIMPLE" || p.ProductType == "DIGITAL"):
		return failure.New(failure.Refused, "product %s is %s and has no SKUs", productID, p.ProductType)
	}
	return nil
}
