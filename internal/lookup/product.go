package lookup

import (
	"context"
	"fmt"
	"iter"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/failure"
)

// Product reads a product, which is named as in Item, once per run.
func (n *Names) Product(ctx context.Context, text string) (api.Product, error) {
	if !n.copy.Known() && canBeID(text) { // try it as an id before identifying the store
		if p, err := n.product(ctx, text); err == nil || !unlisted(err) {
			return p, err
		}
	}
	item, err := n.ItemOrID(ctx, text, Read)
	if err != nil {
		return api.Product{}, err
	}
	p, err := n.product(ctx, item.ProductID)
	return p, n.ExplainItem(err, text)
}

// product reads a product by its id, once per run.
func (n *Names) product(ctx context.Context, id string) (api.Product, error) {
	n.mu.Lock()
	p, known := n.products[id]
	missing := n.missing[id]
	n.mu.Unlock()
	if known || missing != nil {
		return p, missing
	}
	p, err := n.client.Product(ctx, id)
	n.mu.Lock()
	defer n.mu.Unlock()
	if err != nil {
		err = fmt.Errorf("looking up product %s: %w", id, err)
		if failure.KindOf(err) == failure.NotFound && len(n.missing) < maxAnswers {
			n.missing[id] = err
		}
		return api.Product{}, err
	}
	if len(n.products) < maxAnswers {
		n.products[id] = p
	}
	return p, nil
}

// Products reads the product list page by page.
func (n *Names) Products(ctx context.Context) iter.Seq2[api.Product, error] {
	return n.client.Products(api.ProductFilter{}).All(ctx)
}

// SKU finds a SKU of the product with this id: by the SKU's id, else by its code. If
// the product cannot be read (not found, or no permission), the text cannot be
// checked, and is returned as an id.
func (n *Names) SKU(ctx context.Context, productID, text string) (string, error) {
	id, err := n.sku(ctx, productID, text, Write)
	return id, err
}

func (n *Names) sku(ctx context.Context, productID, text string, use Use) (string, error) {
	if id, known, err := n.copiedSKU(ctx, productID, text, use); known || err != nil {
		return id, err
	}
	p, err := n.product(ctx, productID)
	if err != nil {
		switch failure.KindOf(err) {
		case failure.NotFound, failure.Permission:
			return text, nil
		}
		return "", err
	}
	var skus []catalog.Item
	for _, i := range itemsOf(p) {
		if i.SKUID != "" {
			skus = append(skus, i)
		}
	}
	switch found := matching(skus, text); len(found) {
	case 1:
		return found[0].SKUID, nil
	case 0:
		return "", unknownSKU(p, text)
	default:
		return "", failure.Usagef("%q is the code of %d SKUs of product %s", text, len(found), p.ID).
			Hint("give the SKU's id")
	}
}

// copiedSKU looks a SKU up in the copy, and succeeds if one SKU has the name. An
// entry is trusted forever for an id, and for a while for a code.
func (n *Names) copiedSKU(ctx context.Context, productID, text string, use Use) (id string, known bool, err error) {
	if !n.copy.Known() {
		return "", false, nil
	}
	skus, err := n.copy.SKUs(ctx, productID)
	if err != nil {
		return "", false, err
	}
	found := matching(skus, text)
	if len(found) != 1 {
		return "", false, nil
	}
	return found[0].SKUID, found[0].SKUID == text || n.recent(found[0].Seen) || use == Read, nil
}

// matching returns the SKUs that a text names: by id, else by code, else by code in
// any case.
func matching(skus []catalog.Item, text string) []catalog.Item {
	for _, same := range []func(catalog.Item) bool{
		func(i catalog.Item) bool { return i.SKUID == text },
		func(i catalog.Item) bool { return i.Code == text },
		func(i catalog.Item) bool { return i.Code != "" && catalog.Fold(i.Code) == catalog.Fold(text) },
	} {
		if found := filter(skus, same); len(found) > 0 {
			return found
		}
	}
	return nil
}

// Resolve finds the item of a product and a SKU. One of the two is enough, since a
// SKU's code identifies its product.
func (n *Names) Resolve(ctx context.Context, product, sku string, use Use) (catalog.Item, error) {
	switch {
	case sku == "":
		return n.ItemOrID(ctx, product, use)
	case product == "":
		return n.Item(ctx, sku, use)
	}
	item, err := n.ItemOrID(ctx, product, use)
	if err != nil {
		return item, err
	}
	switch {
	case item.SKUID != "":
		return n.underSKU(ctx, item, product, sku)
	case item.Type != "VARIABLE" && item.Code != "" && catalog.Fold(item.Code) == catalog.Fold(sku):
		return item, nil // the product's own code
	}
	id, err := n.sku(ctx, item.ProductID, sku, use)
	if err != nil {
		return catalog.Item{}, err
	}
	if found, err := n.copy.SKUs(ctx, item.ProductID); err == nil {
		for _, f := range found {
			if f.SKUID == id {
				return f, nil
			}
		}
	}
	item.SKUID, item.Code = id, ""
	return item, nil
}

// underSKU resolves a SKU if the product text already names one. Both must be the same.
func (n *Names) underSKU(ctx context.Context, item catalog.Item, product, sku string) (catalog.Item, error) {
	id, err := n.sku(ctx, item.ProductID, sku, Read)
	if err != nil {
		return item, err
	}
	if id != item.SKUID {
		return item, failure.Usagef("%q and %q name two different SKUs", product, sku)
	}
	return item, nil
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
