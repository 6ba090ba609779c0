package seeing

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/forecast"
	"github.com/bayworks/stockctl/internal/output"
)

// coverRecord is a record that will run out soon, or is low.
type coverRecord struct {
	api.Record
	Sold        int64    `json:"sold"`      // units, in the days of salesDays
	SalesDays   float64  `json:"salesDays"` // the window, or less for a young record or log
	SoldPerDay  float64  `json:"soldPerDay"`
	DaysOfCover *float64 `json:"daysOfCover"` // null: nothing was sold
	RunsOutOn   *string  `json:"runsOutOn"`   // a day in the local time zone; null: nothing was sold
	Order       int64    `json:"order"`
	Elsewhere   int64    `json:"elsewhere,omitempty"` // units that other warehouses can spare
}

// outlooks are computed from the movement log and the records of a store.
type outlooks struct {
	all   []forecast.Outlook
	sales *forecast.Sales
}

// readOutlooks reads the log and the records. It leaves out records without quantities,
// with a warning.
func readOutlooks(ctx context.Context, a *app.App, window, cover int) (out outlooks, err error) {
	log, err := readLog(ctx, a)
	if err != nil {
		return out, err
	}
	defer func() { err = cmp.Or(err, log.Close()) }()
	warnPart(a, log)
	o := forecast.Options{Now: a.Now(), Window: window, Cover: cover}
	if !log.Never() {
		o.LogFrom = log.From
	}
	out.sales = forecast.New(o)
	if err := log.Each(out.sales.Add); err != nil {
		return out, err
	}
	if begin := out.sales.Begin(); begin.Equal(o.LogFrom) && !begin.IsZero() {
		a.Note("warning: the movement log begins on %s, so the sales of fewer than %d days are known", begin.Local().Format(time.DateOnly), window)
	}
	if n := out.sales.Undated; n > 0 {
		a.Note("warning: %s not counted", failure.Count(n, "sale has no time in the log and was", "sales have no time in the log and were"))
	}
	client, err := a.API(ctx)
	if err != nil {
		return out, err
	}
	blank := 0
	for r, err := range client.Records().PageSize(recordsPerPage).All(ctx) {
		if err != nil {
			return out, fmt.Errorf("reading the records: %w", err)
		}
		if r.AvailableQty == nil {
			blank++
			continue
		}
		out.all = append(out.all, out.sales.Of(r))
	}
	if blank > 0 {
		a.Note("warning: %s left out", failure.Count(blank, "record has no quantity and is", "records have no quantity and are"))
	}
	return out, nil
}

// lacking returns the records of a warehouse that lack stock, the most urgent first.
// A blank id means all warehouses.
func (o outlooks) lacking(warehouseID string) []forecast.Outlook {
	var out []forecast.Outlook
	for _, one := range o.all {
		if one.Lacks > 0 && (warehouseID == "" || one.Record.WarehouseID == warehouseID) {
			out = append(out, one)
		}
	}
	slices.SortStableFunc(out, forecast.Outlook.Compare)
	return out
}

func runCover(ctx context.Context, opts *lowStockOptions) error {
	view := coverView()
	printer, err := app.ListPrinterFor(opts.app, view)
	if err != nil {
		return err
	}
	if err := opts.checkElsewhere(); err != nil {
		return err
	}
	in, err := opts.in(ctx)
	if err != nil {
		return err
	}
	seen, err := readOutlooks(ctx, opts.app, opts.windowDays, opts.coverDays)
	if err != nil {
		return err
	}
	if opts.names(printer, view) {
		if err := seen.name(ctx, opts.app); err != nil {
			return err
		}
	}
	lacking := seen.lacking(in.ID)
	var found map[string]int64
	if opts.elsewhere != "" {
		moves, taken := forecast.Moves(lacking, seen.all)
		if err := opts.writeMoves(ctx, moves); err != nil {
			return err
		}
		found = taken
	}
	rows, err := opts.coverRows(ctx, lacking, found)
	if err != nil {
		return err
	}
	if printer.CSV() {
		slices.SortStableFunc(rows, byProduct) // a supplier's list
	}
	if err := output.List(printer, view, output.Items(rows)); err != nil {
		return err
	}
	if err := opts.notify(ctx, opts.app, in.ID, coverNotices(rows)); err != nil {
		return err
	}
	switch {
	case len(rows) == 0:
		opts.app.Note("nothing is low or will run out within %d days", opts.coverDays)
	case opts.exitCode:
		return failure.New(failure.Condition, "%s low or out within %d days", failure.Count(len(rows), "record is", "records are"), opts.coverDays)
	default:
		opts.app.Footer(len(rows), 0, fmt.Sprintf("records are low or out within %d days", opts.coverDays))
	}
	return nil
}

// names reports whether all names are needed: for the output, a message, or a file
// of moves.
func (o *lowStockOptions) names(p *output.Printer, view output.View[coverRecord]) bool {
	return o.notifies || o.elsewhere != "" || output.Shows(p, view, show.NameFields()...)
}

// name fills in the names of the records.
func (o outlooks) name(ctx context.Context, a *app.App) error {
	names, err := a.Names(ctx)
	if err != nil {
		return err
	}
	return names.NameAll(ctx, func(yield func(*api.Record) bool) {
		for i := range o.all {
			if !yield(&o.all[i].Record) {
				return
			}
		}
	})
}

func byProduct(a, b coverRecord) int {
	return cmp.Or(
		cmp.Compare(show.Known(a.ProductName, a.ProductID), show.Known(b.ProductName, b.ProductID)),
		cmp.Compare(a.ProductID, b.ProductID),
		cmp.Compare(show.Known(a.SKUCode, a.SKUID), show.Known(b.SKUCode, b.SKUID)),
		cmp.Compare(show.Known(a.WarehouseCode, a.WarehouseID), show.Known(b.WarehouseCode, b.WarehouseID)),
	)
}

func (o *lowStockOptions) coverRows(ctx context.Context, lacking []forecast.Outlook, found map[string]int64) ([]coverRecord, error) {
	names, err := o.app.Names(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]coverRecord, 0, len(lacking))
	for _, one := range lacking {
		names.NameWarehouse(ctx, &one.Record)
		elsewhere := found[one.Record.ID]
		row := coverRecord{
			Record: one.Record, Sold: one.Sold, SalesDays: math.Round(one.Days*100) / 100, SoldPerDay: one.PerDay(),
			Order: one.Order(elsewhere), Elsewhere: elsewhere,
		}
		if one.Sells {
			cover, day := one.DaysOfCover(), o.app.Now().Add(one.Lasts).Local().Format(time.DateOnly)
			row.DaysOfCover, row.RunsOutOn = &cover, &day
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func coverView() output.View[coverRecord] {
	type column = output.Column[coverRecord]
	urgent := func(r coverRecord) output.Mark {
		if r.DaysOfCover != nil && *r.DaysOfCover < 1 || r.Low() {
			return output.MarkLow
		}
		return output.MarkNone
	}
	var (
		available = column{Name: "availableQty", Title: "AVAILABLE", Spare: 2, Keep: true, Mark: urgent, Value: func(r coverRecord) any { return r.AvailableQty }}
		sold      = column{Name: "sold", Title: "SOLD", Spare: 3, Keep: true, Value: func(r coverRecord) any { return r.Sold }}
		days      = column{Name: "daysOfCover", Title: "DAYS", Keep: true, Value: func(r coverRecord) any { return r.DaysOfCover }}
		runsOut   = column{Name: "runsOutOn", Title: "RUNS OUT", Spare: 1, Keep: true, Value: func(r coverRecord) any { return r.RunsOutOn }}
		order     = column{Name: "order", Title: "ORDER", Keep: true, Value: func(r coverRecord) any { return r.Order }}
	)
	return output.View[coverRecord]{
		ID: func(r coverRecord) string { return r.ID },
		People: []column{
			{Name: "product", Title: "PRODUCT", Value: func(r coverRecord) any { return show.Known(r.ProductName, r.ProductID) }},
			{Name: "sku", Title: "SKU", Keep: true, Value: func(r coverRecord) any { return show.Known(r.SKUCode, r.SKUID) }},
			{Name: "warehouse", Title: "WAREHOUSE", Keep: true, Value: func(r coverRecord) any { return show.Place(r.Record) }},
			available, sold, days, runsOut, order,
		},
		Columns: append([]column{
			{Name: "id", Title: "ID", Keep: true, Wide: true, Value: func(r coverRecord) any { return r.ID }},
			{Name: "productId", Title: "PRODUCT", Keep: true, Value: func(r coverRecord) any { return r.ProductID }},
			{Name: "skuId", Title: "SKU", Keep: true, Value: func(r coverRecord) any { return r.SKUID }},
			{Name: "warehouseId", Title: "WAREHOUSE ID", Keep: true, Wide: true, Value: func(r coverRecord) any { return r.WarehouseID }},
			{Name: "warehouseName", Title: "WAREHOUSE", Value: func(r coverRecord) any { return show.WarehouseName(r.Record) }},
			{Name: "location", Title: "LOCATION", Wide: true, Value: func(r coverRecord) any { return r.Location }},
			available,
			{Name: "reorderLevel", Title: "REORDER AT", Wide: true, Value: func(r coverRecord) any { return r.ReorderLevel }},
			{Name: "reorderQty", Title: "REORDER QTY", Wide: true, Value: func(r coverRecord) any { return r.ReorderQty }},
			sold,
			{Name: "salesDays", Title: "SALES DAYS", Wide: true, Value: func(r coverRecord) any { return r.SalesDays }},
			{Name: "soldPerDay", Title: "A DAY", Wide: true, Value: func(r coverRecord) any { return r.SoldPerDay }},
			days, runsOut,
			{Name: "elsewhere", Title: "ELSEWHERE", Wide: true, Value: func(r coverRecord) any { return r.Elsewhere }},
			order,
		}, show.Names(func(r coverRecord) api.Named { return r.Named })...),
	}
}
