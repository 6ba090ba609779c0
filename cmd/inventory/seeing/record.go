package seeing

import (
	"context"
	"fmt"
	"slices"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
)

// recordsPerPage is the page size for reading all records.
const recordsPerPage = 100

// findRecord finds the record that ITEM[/SKU]@WAREHOUSE or an id names, with its
// current stock.
func findRecord(ctx context.Context, a *app.App, text string) (api.Record, error) {
	names, err := a.Names(ctx)
	if err != nil {
		return api.Record{}, err
	}
	r, err := names.Target(ctx, text)
	if err != nil || r.OnHandQty != nil {
		return r, err
	}
	if r, err = names.RecordByID(ctx, r.ID); err != nil || r.CreatedAt != nil {
		return r, err
	}
	return readAgain(ctx, a, r) // lists leave fields out
}

// readAgain reads the current state of a known record. It keeps the fields that are
// missing from the response.
func readAgain(ctx context.Context, a *app.App, r api.Record) (api.Record, error) {
	client, err := a.API(ctx)
	if err != nil {
		return r, err
	}
	list, err := client.RecordsOf(ctx, r.ProductID, r.SKUID)
	if err != nil {
		return r, fmt.Errorf("reading %s: %w", r.Address(), err)
	}
	i := slices.IndexFunc(list, func(other api.Record) bool { return other.ID == r.ID })
	if i < 0 {
		return r, failure.New(failure.NotFound, "the record %s is no longer among the records of its product", recordName(r))
	}
	now := list[i]
	if now.CreatedAt == nil {
		now.CreatedAt = r.CreatedAt
	}
	if now.LastStockAdjusted == nil {
		now.LastStockAdjusted = r.LastStockAdjusted
	}
	if now.OnHandQty == nil {
		return r, failure.New(failure.Unexpected, "the API's response does not contain the quantity on hand of %s", recordName(r))
	}
	return now, nil
}
