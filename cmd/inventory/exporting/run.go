package exporting

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/count"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/output"
)

// exported is the result: the sheet that was written.
type exported struct {
	File string `json:"file"`
	For  string `json:"for"` // count, set or reorder
	Rows int    `json:"rows"`
}

// runExport reads all records of the store, and then writes the sheet.
func runExport(ctx context.Context, opts *exportOptions) error {
	printer, err := opts.app.Printer()
	if err != nil {
		return err
	}
	if opts.file != "-" {
		if err := cli.CheckNewFile(opts.file, opts.file); err != nil {
			return err
		}
	}
	names, err := opts.app.Names(ctx)
	if err != nil {
		return err
	}
	records, err := opts.records(ctx, names)
	if err != nil {
		return err
	}
	rows, err := opts.rows(ctx, names, records)
	if err != nil {
		return err
	}
	if err := opts.write(rows); err != nil {
		return err
	}
	opts.app.Note("%s in %s%s", failure.Count(int64(len(rows)), "row", "rows"), opts.called(), opts.next())
	if printer.Structured() && opts.file != "-" {
		return output.Value(printer, exported{opts.file, opts.purpose, len(rows)})
	}
	return nil
}

func (o *exportOptions) called() string {
	if o.file == "-" {
		return "the sheet"
	}
	return o.file
}

// next returns what to do with the sheet.
func (o *exportOptions) next() string {
	command := map[string]string{forCount: "count", forSet: "import"}[o.purpose]
	if command == "" || o.file == "-" {
		return ""
	}
	return fmt.Sprintf(": fill in %s, then run `stockctl inventory %s %s`", toFill(o.purpose), command, failure.Arg(o.file))
}

// records returns the records for the sheet.
func (o *exportOptions) records(ctx context.Context, names *lookup.Names) ([]api.Record, error) {
	client, err := o.app.API(ctx)
	if err != nil {
		return nil, err
	}
	place := ""
	if o.warehouse != "" {
		w, err := names.Warehouse(ctx, o.warehouse)
		if err != nil {
			return nil, err
		}
		place = w.ID
	}
	list := client.Records().All(ctx)
	if o.purpose == forReorder {
		low, err := client.LowStock(ctx)
		if err != nil {
			return nil, fmt.Errorf("reading what is low: %w", err)
		}
		list = output.Items(low)
	}
	var out []api.Record
	for r, err := range list {
		if err != nil {
			return nil, fmt.Errorf("reading the records: %w", err)
		}
		if place != "" && r.WarehouseID != place {
			continue
		}
		if r, err = count.EnsureOnHand(ctx, client, r); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// rows fills in the names, and sorts the rows in the order in which people walk along the
// shelves.
func (o *exportOptions) rows(ctx context.Context, names *lookup.Names, records []api.Record) ([]row, error) {
	if err := names.NameList(ctx, records); err != nil {
		return nil, err
	}
	out := make([]row, len(records))
	for i, r := range records {
		out[i] = row{
			Record: r, shelf: text(r.Location), place: cmp.Or(text(r.WarehouseCode), r.WarehouseID),
			code: cmp.Or(text(r.SKUCode), r.SKUID, r.ProductID), name: text(r.ProductName),
		}
	}
	slices.SortStableFunc(out, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.shelf, b.shelf), cmp.Compare(a.code, b.code))
	})
	return out, nil
}

// write writes the sheet to its file, or to standard output.
func (o *exportOptions) write(rows []row) error {
	sheet := func(out io.Writer) error {
		w := intake.NewWriter(out, o.form(), header(o.purpose))
		err := w.Start()
		for _, one := range rows {
			cells := one.cells(o.purpose)
			for i, cell := range cells {
				cells[i] = intake.Harmless(cell)
			}
			err = errors.Join(err, w.Write(cells))
		}
		return errors.Join(err, w.Flush())
	}
	if o.file == "-" {
		return sheet(o.app.IO.Out)
	}
	return cli.WriteNewFile(o.file, sheet)
}
