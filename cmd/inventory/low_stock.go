package inventory

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/cmd/noun"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

// lowStockOptions is what `inventory low-stock` knows when it starts.
type lowStockOptions struct {
	app       *app.App
	warehouse string
	exitCode  bool
}

// lowRecord is a record that is low, and how much to reorder.
type lowRecord struct {
	api.Record
	// Suggested is the record's reorderQty; where it has none, what brings
	// available just above the reorder level.
	Suggested int64 `json:"suggested"`
}

func newLowStockCmd(a *app.App, run func(context.Context, *lowStockOptions) error) *cobra.Command {
	opts := &lowStockOptions{app: a}
	cmd := &cobra.Command{
		Use:   "low-stock",
		Short: "Show what is at or below its reorder level",
		Long: `Show the records whose available stock is at or below their reorder level, those
farthest below first. "suggested" is the record's reorder quantity or, where it
has none, what brings available just above the level: -o csv is a reorder list.` + noun.ExitCodes(
			"0  shown, though there may be none",
			"6  no such warehouse",
			"11  with --exit-code: something is low",
		),
		Example: `  stockctl inventory low-stock --warehouse LGS-01
  stockctl inventory low-stock -o csv > reorder.csv
  stockctl inventory low-stock --exit-code -q || notify "stock is low"`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.Context(), opts)
		},
	}
	cmd.Flags().StringVar(&opts.warehouse, "warehouse", "", "only records of this warehouse: its `id`, code or name")
	suggest.Flag(cmd, "warehouse", suggest.Warehouses(a))
	cmd.Flags().BoolVar(&opts.exitCode, "exit-code", false, "exit 11 when something is low")
	return cmd
}

func runLowStock(ctx context.Context, opts *lowStockOptions) error {
	printer, err := app.PrinterFor(opts.app, lowView())
	if err != nil {
		return err
	}
	names, err := opts.app.Names(ctx)
	if err != nil {
		return err
	}
	client, err := opts.app.API(ctx)
	if err != nil {
		return err
	}
	var in api.Warehouse
	if opts.warehouse != "" {
		if in, err = names.Warehouse(ctx, opts.warehouse); err != nil {
			return err
		}
	}
	list, err := client.LowStock(ctx)
	if err != nil {
		return fmt.Errorf("reading what is low: %w", err)
	}
	var low []lowRecord
	for _, r := range list {
		if in.ID != "" && r.WarehouseID != in.ID {
			continue
		}
		names.NameWarehouse(ctx, &r)
		low = append(low, lowRecord{r, suggested(r)})
	}
	slices.SortStableFunc(low, func(a, b lowRecord) int { return cmp.Compare(above(a.Record), above(b.Record)) })
	if err := output.List(printer, lowView(), output.Items(low)); err != nil {
		return err
	}
	switch {
	case len(low) == 0:
		opts.app.Note("nothing is low")
	case opts.exitCode:
		return failure.New(failure.Condition, "%s low", failure.Count(len(low), "record is", "records are"))
	}
	return nil
}

// above is how far available is above the reorder level: negative below it.
func above(r api.Record) int64 {
	if r.AvailableQty == nil || r.ReorderLevel == nil {
		return 0
	}
	return *r.AvailableQty - *r.ReorderLevel
}

func suggested(r api.Record) int64 {
	if r.ReorderQty != nil && *r.ReorderQty > 0 {
		return *r.ReorderQty
	}
	return max(0, 1-above(r))
}

func lowView() output.View[lowRecord] {
	type column = output.Column[lowRecord]
	return output.View[lowRecord]{
		ID: func(r lowRecord) string { return r.ID },
		Columns: []column{
			{Name: "id", Title: "ID", Keep: true, Wide: true, Value: func(r lowRecord) any { return r.ID }},
			{Name: "productId", Title: "PRODUCT", Keep: true, Value: func(r lowRecord) any { return r.ProductID }},
			{Name: "skuId", Title: "SKU", Keep: true, Value: func(r lowRecord) any { return r.SKUID }},
			{Name: "warehouseId", Title: "WAREHOUSE ID", Keep: true, Wide: true, Value: func(r lowRecord) any { return r.WarehouseID }},
			{Name: "warehouseName", Title: "WAREHOUSE", Value: func(r lowRecord) any { return r.WarehouseName }},
			{Name: "location", Title: "LOCATION", Wide: true, Value: func(r lowRecord) any { return r.Location }},
			{Name: "availableQty", Title: "AVAILABLE", Keep: true, Value: func(r lowRecord) any { return r.AvailableQty }, Mark: func(r lowRecord) output.Mark {
				if above(r.Record) < 0 {
					return output.MarkLow
				}
				return output.MarkNone
			}},
			{Name: "reorderLevel", Title: "REORDER AT", Keep: true, Value: func(r lowRecord) any { return r.ReorderLevel }},
			{Name: "suggested", Title: "SUGGESTED", Keep: true, Value: func(r lowRecord) any { return r.Suggested }},
			{Name: "lastStockAdjusted", Title: "LAST MOVED", Wide: true, Value: func(r lowRecord) any { return show.Time(r.LastStockAdjusted) }},
		},
	}
}
