package seeing

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

// lowStockOptions is what `inventory low-stock` knows when it starts.
type lowStockOptions struct {
	app        *app.App
	warehouse  string
	exitCode   bool
	cover      string
	window     string
	coverDays  int // 0: only what is low by its reorder level
	windowDays int
	elsewhere  string // the file of moves; blank: none
	notifyOptions
}

// lowRecord is a record that is low, and how much to reorder.
type lowRecord struct {
	api.Record
	// Suggested is the record's reorderQty or, if it has none, the quantity that
	// brings available just above the reorder level.
	Suggested int64 `json:"suggested"`
}

// NewLowStock returns `inventory low-stock`.
func NewLowStock(a *app.App) *cobra.Command { return newLowStockCmd(a, runLowStock) }

func newLowStockCmd(a *app.App, run func(context.Context, *lowStockOptions) error) *cobra.Command {
	opts := &lowStockOptions{app: a}
	cmd := &cobra.Command{
		Use:   "low-stock",
		Short: "Show stock that is low or will soon run out",
		Long: `Show records with available stock at or below their reorder level, those
furthest below it first. "suggested" is the record's reorder quantity or,
without one, the quantity that brings the available stock just above the level.
Use -o csv as a reorder list.

With --cover 14d, also show records that will run out within 14 days if they
sell as in the last four weeks (--window), with or without a reorder level. The
columns show what was sold, how many days the stock will last, when it will run
out, and how much to order, which is at least the reorder quantity. Records that
run out first come first; -o csv is sorted by product, as a list for a supplier.

--elsewhere FILE writes what other warehouses can spare without running short
themselves, as a file for "transfer -f". "order" then shows what is still
missing.

--notify posts the result to a webhook, for cron jobs. With --state FILE, each
record is posted once until it recovers.` + cli.ExitCodes(
			"0  shown, even if there are none",
			"2  a flag is wrong, or the file already exists",
			"3  --notify has no webhook, or the webhook refuses the message",
			"6  no such warehouse",
			"8  the API or the webhook cannot be reached",
			"11  with --exit-code: at least one record is shown",
		),
		Example: `  stockctl inventory low-stock --warehouse LGS-01
  stockctl inventory low-stock --exit-code -q; [ $? -eq 11 ] && ./reorder.sh
  stockctl inventory low-stock --cover 14d -o csv > order.csv
  stockctl inventory low-stock --cover 2w --window 8w --elsewhere moves.csv
  stockctl inventory low-stock --cover 14d --notify --state low.json -q`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := opts.parse(cmd); err != nil {
				return err
			}
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.warehouse, "warehouse", "", "only records of this `warehouse`: its id, code or name")
	suggest.Flag(cmd, "warehouse", suggest.Warehouses(a))
	flags.BoolVar(&opts.exitCode, "exit-code", false, "exit with code 11 if any record is shown")
	flags.StringVar(&opts.cover, "cover", "", "show what will not last for this many `days`, such as 14d or 2w")
	flags.StringVar(&opts.window, "window", "28d", "with --cover, base the forecast on the sales of this many past `days`")
	flags.StringVar(&opts.elsewhere, "elsewhere", "", "with --cover, write what other warehouses can spare to a new `file`")
	opts.flags(cmd)
	return cmd
}

// parse checks combinations of flags.
func (o *lowStockOptions) parse(cmd *cobra.Command) (err error) {
	given := cmd.Flags().Changed
	for _, flag := range []string{"window", "elsewhere"} {
		if given(flag) && !given("cover") {
			return failure.Usagef("--%s requires --cover", flag)
		}
	}
	if given("cover") {
		if o.coverDays, err = cli.ParseDays("cover", o.cover); err != nil {
			return err
		}
	}
	if o.windowDays, err = cli.ParseDays("window", o.window); err != nil {
		return err
	}
	return o.notifyOptions.parse(given)
}

// in returns the requested warehouse. One without an id means all warehouses.
func (o *lowStockOptions) in(ctx context.Context) (api.Warehouse, error) {
	names, err := o.app.Names(ctx)
	if err != nil || o.warehouse == "" {
		return api.Warehouse{}, err
	}
	return names.Warehouse(ctx, o.warehouse)
}

func runLowStock(ctx context.Context, opts *lowStockOptions) error {
	if err := opts.prepare(opts.app); err != nil {
		return err
	}
	defer opts.memory.close()
	if opts.coverDays > 0 {
		return runCover(ctx, opts)
	}
	return runLow(ctx, opts)
}

// runLow shows the records that the API reports as low, by their reorder level.
func runLow(ctx context.Context, opts *lowStockOptions) error {
	printer, err := app.ListPrinterFor(opts.app, lowView())
	if err != nil {
		return err
	}
	in, err := opts.in(ctx)
	if err != nil {
		return err
	}
	low, err := opts.low(ctx, in.ID, output.Shows(printer, lowView(), show.NameFields()...))
	if err != nil {
		return err
	}
	if err := output.List(printer, lowView(), output.Items(low)); err != nil {
		return err
	}
	opts.app.Advise()
	if err := opts.notify(ctx, opts.app, in.ID, lowNotices(low)); err != nil {
		return err
	}
	switch {
	case len(low) == 0:
		opts.app.Note("nothing is low")
	case opts.exitCode:
		return failure.New(failure.Condition, "%s low", failure.Count(len(low), "record is", "records are"))
	default:
		opts.app.Footer(len(low), 0, "records are low")
	}
	return nil
}

// low reads the low records with all their names or, if that is enough, only with
// those of the warehouses.
func (o *lowStockOptions) low(ctx context.Context, warehouseID string, fully bool) ([]lowRecord, error) {
	names, err := o.app.Names(ctx)
	if err != nil {
		return nil, err
	}
	client, err := o.app.API(ctx)
	if err != nil {
		return nil, err
	}
	list, err := client.LowStock(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading what is low: %w", err)
	}
	list = slices.DeleteFunc(list, func(r api.Record) bool { return warehouseID != "" && r.WarehouseID != warehouseID })
	if o.notifies { // who reads the message knows no ids
		if err := names.NameList(ctx, list); err != nil {
			return nil, err
		}
	}
	var low []lowRecord
	for r, err := range names.NameRecords(ctx, output.Items(list), fully) {
		if err != nil {
			return nil, err
		}
		low = append(low, lowRecord{r, suggested(r)})
	}
	slices.SortStableFunc(low, func(a, b lowRecord) int { return cmp.Compare(above(a.Record), above(b.Record)) })
	return low, nil
}

// above returns available minus the reorder level, which is negative below the level.
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
	available := column{Name: "availableQty", Title: "AVAILABLE", Keep: true, Value: func(r lowRecord) any { return r.AvailableQty }, Mark: func(r lowRecord) output.Mark {
		if above(r.Record) < 0 {
			return output.MarkLow
		}
		return output.MarkNone
	}}
	level := column{Name: "reorderLevel", Title: "REORDER AT", Keep: true, Value: func(r lowRecord) any { return r.ReorderLevel }}
	order := column{Name: "suggested", Title: "SUGGESTED", Keep: true, Value: func(r lowRecord) any { return r.Suggested }}
	return output.View[lowRecord]{
		ID: func(r lowRecord) string { return r.ID },
		People: []column{
			{Name: "product", Title: "PRODUCT", Value: func(r lowRecord) any { return show.Known(r.ProductName, r.ProductID) }},
			{Name: "sku", Title: "SKU", Keep: true, Value: func(r lowRecord) any { return show.Known(r.SKUCode, r.SKUID) }},
			{Name: "warehouse", Title: "WAREHOUSE", Keep: true, Value: func(r lowRecord) any { return show.Place(r.Record) }},
			available, level, order,
		},
		Columns: append([]column{
			{Name: "id", Title: "ID", Keep: true, Wide: true, Value: func(r lowRecord) any { return r.ID }},
			{Name: "productId", Title: "PRODUCT", Keep: true, Value: func(r lowRecord) any { return r.ProductID }},
			{Name: "skuId", Title: "SKU", Keep: true, Value: func(r lowRecord) any { return r.SKUID }},
			{Name: "warehouseId", Title: "WAREHOUSE ID", Keep: true, Wide: true, Value: func(r lowRecord) any { return r.WarehouseID }},
			{Name: "warehouseName", Title: "WAREHOUSE", Value: func(r lowRecord) any { return r.WarehouseName }},
			{Name: "location", Title: "LOCATION", Wide: true, Value: func(r lowRecord) any { return r.Location }},
			available, level, order,
			{Name: "lastStockAdjusted", Title: "LAST MOVED", Wide: true, Value: func(r lowRecord) any { return r.LastStockAdjusted.Shown() }},
		}, show.Names(func(r lowRecord) api.Named { return r.Named })...),
	}
}
