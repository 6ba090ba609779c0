package seeing

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
)

// recordsPerPage is how many records are asked for at once, where all are read.
const recordsPerPage = 100

// findRecord finds the record that an id or PRODUCT[/SKU]@WAREHOUSE names, with
// its present stock. The API has no call for an id: the list is read up to it.
func findRecord(ctx context.Context, a *app.App, text string) (api.Record, error) {
	if strings.Contains(text, "@") {
		address, err := lookup.ParseAddress(text)
		if err != nil {
			return api.Record{}, err
		}
		names, err := a.Names(ctx)
		if err != nil {
			return api.Record{}, err
		}
		return names.Record(ctx, address)
	}
	if p := api.CheckID("RECORD", text); p != nil {
		return api.Record{}, failure.Usagef("%s", p)
	}
	client, err := a.API(ctx)
	if err != nil {
		return api.Record{}, err
	}
	for r, err := range client.Records().PageSize(recordsPerPage).All(ctx) {
		if err != nil {
			return api.Record{}, fmt.Errorf("looking for the record %s: %w", text, err)
		}
		if r.ID == text {
			return readAgain(ctx, a, r) // lists leave fields out
		}
	}
	return api.Record{}, failure.New(failure.NotFound, "no inventory record has the id %q", text).
		Hint("name it as PRODUCT[/SKU]@WAREHOUSE, or see `stockctl inventory list -o wide`")
}

// readAgain reads a record that is known, as it is now. Fields that the answer
// leaves out stay as they were.
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
		return r, failure.New(failure.NotFound, "the record %s is not among those of its product any more", recordName(r))
	}
	now := list[i]
	if now.CreatedAt == nil {
		now.CreatedAt = r.CreatedAt
	}
	if now.LastStockAdjusted == nil {
		now.LastStockAdjusted = r.LastStockAdjusted
	}
	if now.OnHandQty == nil {
		return r, failure.New(failure.Unexpected, "the API's answer says nothing of what %s has on hand", recordName(r))
	}
	return now, nil
}
