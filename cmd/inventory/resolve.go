package inventory

import (
	"context"
	"fmt"
	"slices"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/catalog"
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/stock"
)

// target is the result of resolving a draft's names.
type target struct {
	warehouse api.Warehouse
	product   string // as the user named it
	guessed   bool   // the product is unknown, and its text is used as the id
	names     *lookup.Names
}

// name fills in the warehouse's name if the response does not have it.
func (t target) name(ctx context.Context, r *api.Record) {
	if r == nil {
		return
	}
	if r.WarehouseName == "" {
		r.WarehouseName = t.warehouse.Name
	}
	// The record is created, whether or not its names can be read.
	_ = t.names.NameRecord(ctx, r)
}

// explain adds to an error what is known about the warehouse and the product.
func (t target) explain(err error) error {
	if err == nil {
		return nil
	}
	return t.names.ExplainItem(lookup.Explain(err, t.warehouse), t.product)
}

// resolve replaces the names of the warehouse and the item with ids.
func resolve(ctx context.Context, a *app.App, d *draft.Create) (target, error) {
	names, err := a.Names(ctx)
	if err != nil {
		return target{}, err
	}
	w, err := names.ActiveWarehouse(ctx, d.Request.WarehouseID)
	if err != nil {
		return target{}, placed(d, stock.WarehouseID, err)
	}
	d.Request.WarehouseID = w.ID
	if d.Trimmed {
		a.Note("removed the spaces around the location (%s)", d.Where(stock.Location))
	}
	product := d.Request.ProductID
	item, err := resolveItem(ctx, names, d)
	if err != nil {
		return target{}, err
	}
	d.Request.ProductID, d.Request.SKUID = item.ProductID, item.SKUID
	d.Request.Called = names.AddressOf(ctx, item.ProductID, item.SKUID, lookup.Spoken(w))
	guessed := item.ProductID == product && names.Guessed(product)
	return target{w, product, guessed, names}, nil
}

// resolveItem finds the item of a draft. Its ids decide or, without ids, the most
// specific of its names. The other names must not be those of a different item.
func resolveItem(ctx context.Context, names *lookup.Names, d *draft.Create) (catalog.Item, error) {
	product, sku, rest := d.Request.ProductID, d.Request.SKUID, d.Names()
	kinds := map[string]lookup.Kind{stock.Code: lookup.Code, stock.Barcode: lookup.Barcode, stock.ProductName: lookup.ProductName}
	var item catalog.Item
	var err error
	decides := stock.ProductID
	switch {
	case sku != "":
		decides = stock.SKUID
		fallthrough
	case product != "":
		item, err = names.Resolve(ctx, product, sku, lookup.Write)
	default:
		decides = rest[0].Field
		item, err = names.Named(ctx, kinds[decides], rest[0].Text, lookup.Write)
		rest = rest[1:]
	}
	if err != nil {
		return item, placed(d, decides, err)
	}
	for _, name := range rest {
		other, err := names.Named(ctx, kinds[name.Field], name.Text, lookup.Write)
		switch failure.KindOf(err) {
		case failure.NotFound, failure.Usage, failure.Permission:
			continue // it names no item, or several: the more specific name decides
		}
		if err != nil {
			return item, err
		}
		if name.Field == stock.ProductName && other.ProductID == item.ProductID {
			continue // it fits each of the product's SKUs
		}
		if !other.Same(item) {
			return item, placed(d, name.Field, failure.Usagef("%s %q is %s, but %s of this record is %s", name.Field, name.Text, other.Label(), decides, item.Label()))
		}
	}
	return item, nil
}

// remarkGuesses notes which products were sent as typed: the API may have records of
// products that it does not list.
func remarkGuesses(a *app.App, targets ...target) {
	var guessed []string
	for _, t := range targets {
		if t.guessed && !slices.Contains(guessed, t.product) {
			guessed = append(guessed, t.product)
		}
	}
	const shown = 3
	switch n := len(guessed); {
	case n == 1:
		a.Note("the product list does not have %s, which was used as a product id", guessed[0])
	case n > 1:
		a.Note("the product list does not have %s, which were used as product ids", failure.AllOf(guessed[:min(n, shown)])+more(n-shown))
	}
}

func more(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" and %d more", n)
}

// placed adds the place of a field to an error from looking up its value.
func placed(d *draft.Create, field string, err error) error {
	if where := d.Where(field); where != "" {
		return fmt.Errorf("%s: %w", where, err)
	}
	return err
}

// resolveAll resolves every draft of a file, and finds records that are named twice.
// Unknown names are mistakes in the file, and all are reported together.
func resolveAll(ctx context.Context, a *app.App, source string, drafts []*draft.Create) ([]target, error) {
	problems := &failure.Problems{Source: source}
	targets := make([]target, len(drafts))
	seen := map[[3]string]string{}
	for i, d := range drafts {
		t, err := resolve(ctx, a, d)
		if api.Answered(err) { // not a mistake in the file
			return nil, err
		}
		switch failure.KindOf(err) {
		case failure.NotFound, failure.Refused, failure.Usage:
			problems.Add(failure.Problem{What: failure.Sentence(err)})
			continue
		}
		if err != nil {
			return nil, err
		}
		targets[i] = t
		key := [3]string{d.Request.ProductID, d.Request.SKUID, d.Request.WarehouseID}
		if first, twice := seen[key]; twice {
			problems.Add(failure.Problem{Where: d.Source, What: "is the same record as " + first})
			continue
		}
		seen[key] = d.Source
	}
	return targets, problems.Err()
}
