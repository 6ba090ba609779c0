package inventory

import (
	"context"
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
)

// target is what a draft's names stood for.
type target struct {
	warehouse api.Warehouse
	product   string // as it was named
	names     *lookup.Names
}

// name gives a record the warehouse's name where the answer left it out.
func (t target) name(ctx context.Context, r *api.Record) {
	if r == nil {
		return
	}
	if r.WarehouseName == "" {
		r.WarehouseName = t.warehouse.Name
	}
	// It is made, whether or not its names can be read.
	_ = t.names.NameRecord(ctx, r)
}

// explain adds to an error what is known of the warehouse and the product.
func (t target) explain(err error) error {
	if err == nil {
		return nil
	}
	return t.names.ExplainItem(lookup.Explain(err, t.warehouse), t.product)
}

// resolve puts ids in place of the warehouse's and the SKU's names.
func resolve(ctx context.Context, a *app.App, d *draft.Create) (target, error) {
	names, err := a.Names(ctx)
	if err != nil {
		return target{}, err
	}
	w, err := names.ActiveWarehouse(ctx, d.Request.WarehouseID)
	if err != nil {
		return target{}, placed(d, draft.WarehouseID, err)
	}
	d.Request.WarehouseID = w.ID
	product, sku := d.Request.ProductID, d.Request.SKUID
	item, err := names.Resolve(ctx, product, sku, lookup.Write)
	if err != nil {
		field := draft.ProductID
		if sku != "" {
			field = draft.SKUID
		}
		return target{}, placed(d, field, err)
	}
	d.Request.ProductID, d.Request.SKUID = item.ProductID, item.SKUID
	return target{w, product, names}, nil
}

// placed names the place of a field whose value could not be looked up.
func placed(d *draft.Create, field string, err error) error {
	if where := d.Where(field); where != "" {
		return fmt.Errorf("%s: %w", where, err)
	}
	return err
}

// resolveAll resolves every draft of a file and finds records that are named
// twice. Names nobody knows are mistakes in the file, reported all at once.
func resolveAll(ctx context.Context, a *app.App, source string, drafts []*draft.Create) ([]target, error) {
	problems := &failure.Problems{Source: source}
	targets := make([]target, len(drafts))
	seen := map[[3]string]string{}
	for i, d := range drafts {
		t, err := resolve(ctx, a, d)
		if api.Answered(err) { // the file is not to blame
			return nil, err
		}
		switch failure.KindOf(err) {
		case failure.NotFound, failure.Refused, failure.Usage:
			problems.Add(failure.Problem{What: sentence(err)})
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

func sentence(err error) string {
	if hint := failure.HintOf(err); hint != "" {
		return err.Error() + " (" + hint + ")"
	}
	return err.Error()
}
