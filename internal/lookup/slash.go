package lookup

import (
	"context"
	"errors"

	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// interpretation is one way to read an address, with the item that it then names.
type interpretation struct {
	as   stock.TypedAddress
	item catalog.Item
}

// interpretations returns the ways to read an address, the more likely one first. There is
// only one, unless there is a slash without quotes after an unknown item: then the
// whole text may be the id of a product that is not in the list. If both readings
// name an item, the error shows both. With any other error, the readings are what is
// left to try.
func (n *Names) interpretations(ctx context.Context, a stock.TypedAddress, use Use) ([]interpretation, error) {
	text := a.Joined
	a.Joined = ""
	whole := typed(stock.Address{Product: text, Warehouse: a.Warehouse})
	if text != "" && n.onlyWhole(ctx, text, a.Product) {
		item, err := n.Item(ctx, text, use)
		return []interpretation{{whole, item}}, err
	}
	item, err := n.Resolve(ctx, a.Product, a.SKU, use)
	switch kind := failure.KindOf(err); {
	case text == "" && err == nil:
		return []interpretation{{a, item}}, nil
	case text == "", err != nil && kind != failure.NotFound && kind != failure.Usage:
		return nil, err
	}
	sure := err == nil && !n.guessed(a.Product, use)
	other, known, failed := n.wholeItem(ctx, text, sure, use)
	switch {
	case failed != nil:
		return nil, failed
	case known && sure && !other.Same(item):
		return nil, failure.Usagef("%q is ambiguous: it is an item, and so is SKU %q of product %q", text, a.SKU, a.Product).
			Hint("write %s", failure.OneOf([]string{failure.Arg(whole.String()), failure.Arg(a.Explicit())}))
	case known && !sure:
		return []interpretation{{whole, other}}, nil
	case sure:
		return []interpretation{{a, item}}, nil
	}
	var guesses []interpretation
	if err == nil {
		guesses = append(guesses, interpretation{a, item})
	}
	if canBeID(text) {
		guesses = append(guesses, interpretation{whole, catalog.Item{ProductID: text}})
	}
	return guesses, err
}

// onlyWhole reports whether a complete copy has an item for the whole text and none
// for the part before the slash.
func (n *Names) onlyWhole(ctx context.Context, text, before string) bool {
	if !n.copy.Known() {
		return false
	}
	_, complete, err := n.copy.Complete(ctx)
	if err != nil || !complete {
		return false
	}
	if first, _, err := n.local(ctx, before); err != nil || len(first) > 0 {
		return false
	}
	found, _, err := n.local(ctx, text)
	return err == nil && len(found) == 1
}

// wholeItem finds the item that a text with a slash names as a whole. If the other
// reading is certain, it asks only the copy.
func (n *Names) wholeItem(ctx context.Context, text string, sure bool, use Use) (item catalog.Item, known bool, err error) {
	if n.copy.Known() {
		found, _, err := n.local(ctx, text)
		if err != nil || sure && len(found) > 0 {
			item, err = one(text, found, err)
			return item, true, err
		}
		if list, err := n.copy.Records(ctx, text, 1); err != nil || len(found) == 0 && len(list) > 0 {
			return catalog.Item{ProductID: text}, true, err
		}
	}
	if sure {
		return item, false, nil
	}
	item, err = n.Item(ctx, text, use)
	var unknown *UnknownError
	if errors.As(err, &unknown) {
		return item, false, nil
	}
	return item, err == nil, err
}

// guessed reports whether an unknown text was taken for an id.
func (n *Names) guessed(text string, use Use) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	var unknown *UnknownError
	return errors.As(n.answers[question{text, use, Any}].err, &unknown)
}

// ItemAt finds the item of an address, in any warehouse. If the address has two
// readings and neither is known, it takes the one that has records.
func (n *Names) ItemAt(ctx context.Context, a stock.TypedAddress, use Use) (catalog.Item, error) {
	readings, err := n.interpretations(ctx, a, use)
	if err == nil && len(readings) == 1 {
		return readings[0].item, nil
	}
	for _, r := range readings {
		list, failed := n.readRecords(ctx, r.item.ProductID, r.item.SKUID)
		if failed != nil && !unlisted(failed) {
			return catalog.Item{}, failed
		}
		if len(list) > 0 {
			return r.item, nil
		}
	}
	if err != nil || len(readings) == 0 {
		return catalog.Item{}, err
	}
	return readings[0].item, nil
}
