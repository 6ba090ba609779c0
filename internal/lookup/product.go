package lookup

import (
	"context"
	"fmt"
	"iter"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// Product reads a product, once a run.
func (n *Names) Product(ctx context.Context, id string) (api.Product, error) {
	n.mu.Lock()
	p, known := n.products[id]
	n.mu.Unlock()
	if known {
		return p, nil
	}
	p, err := n.client.Product(ctx, id)
	if err != nil {
		return api.Product{}, fmt.Errorf("looking up product %s: %w", id, err)
	}
	n.mu.Lock()
	n.products[id] = p
	n.mu.Unlock()
	return p, nil
}

// Products reads the product list page by page.
func (n *Names) Products(ctx context.Context) iter.Seq2[api.Product, error] {
	return n.client.Products(api.ProductFilter{}).All(ctx)
}

// SKU finds a product's SKU by its id, else by the merchant's own code. A
// product that cannot be read (not found, or no permission) gives no ground to
// refuse: the text is returned as an id.
func (n *Names) SKU(ctx context.Context, productID, text string) (string, error) {
	p, err := n.Product(ctx, productID)
	if err != nil {
		switch failure.KindOf(err) {
		case failure.NotFound, failure.Permission:
			return text, nil
		}
		return "", err
	}
	skus := p.SKUs()
	for _, s := range skus {
		if s.ID == text {
			return s.ID, nil
		}
	}
	found := filter(skus, func(s api.SKU) bool { return s.Code == text && s.ID != "" })
	switch len(found) {
	case 1:
		return found[0].ID, nil
	case 0:
		return "", unknownSKU(p, text)
	default:
		return "", failure.Usagef("%q is the code of %d SKUs of product %s", text, len(found), p.ID).
			Hint("give the SKU's id")
	}
}

func unknownSKU(p api.Product, text string) error {
	skus := p.SKUs()
	if len(skus) == 0 {
		return failure.New(failure.NotFound, "product %s is %s and has no SKUs: leave the SKU out", p.ID, p.ProductType)
	}
	var names []string
	for _, s := range skus {
		names = append(names, s.ID)
		if s.Code != "" {
			names = append(names, s.Code)
		}
	}
	err := failure.New(failure.NotFound, "product %s has no SKU with the id or code %q", p.ID, text)
	if near := failure.Nearest(text, names); len(near) > 0 {
		return err.Hint("did you mean %s?", failure.OneOf(near))
	}
	return err.Hint("it has %s", failure.OneOf(names[:min(len(names), 10)]))
}
