package inventory

import (
	"context"
	"iter"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

// defaultLimit is the number of rows in a list without --limit.
const defaultLimit = 50

// listOptions is what `inventory list` knows when it starts.
type listOptions struct {
	app       *app.App
	warehouse string
	product   string // PRODUCT[/SKU]
	narrow    narrowing
	limit     int
	all       bool
}

func newListCmd(a *app.App, run func(context.Context, *listOptions) error) *cobra.Command {
	opts := &listOptions{app: a}
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List inventory records",
		Long: `List the inventory records of the store, of one warehouse, or of one product.

With -o csv the last column, baselineQty, repeats the quantity on hand. If you
edit the file and pass it to "inventory import --mode set", records that have
moved since are reported as conflicts.

The API cannot filter or sort, so stockctl reads the records page by page and
filters them. --sort and --search read the whole list first. --limit is the
number of rows to show; a note says if there are more. If a page cannot be read,
the command fails instead of showing part of the list.` + cli.ExitCodes(
			"0  listed, even if there are none",
			"6  no such warehouse",
			"8  the API cannot be reached, or a page of the list cannot be read",
		),
		Example: `  stockctl inventory list
  stockctl inventory list --warehouse LGS-01 --all
  stockctl inventory list --product PHONE-RED-256 -o json
  stockctl inventory list --search 'tote a-01' --sort -availableQty
  stockctl inventory list --warehouse LGS-01 --location 'A-*'
  stockctl inventory list --all -o csv > stock.csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := cli.Exclusive(cmd, "limit", "all"); err != nil {
				return err
			}
			if err := cli.CheckLimit(opts.limit, "record"); err != nil {
				return err
			}
			if err := cli.CheckNarrow(opts.narrow.Narrow, show.Records()); err != nil {
				return err
			}
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	opts.narrow.add(cmd)
	flags.StringVar(&opts.warehouse, "warehouse", "", "only records of this `warehouse`: its id, code or name")
	flags.StringVar(&opts.product, "product", "", "only records of this `item`: its id, code, barcode or name, or PRODUCT/SKU")
	flags.IntVar(&opts.limit, "limit", defaultLimit, "show at most this `number` of records")
	suggest.Flag(cmd, "warehouse", suggest.Warehouses(a))
	suggest.Flag(cmd, "product", suggest.Products(a))
	flags.BoolVar(&opts.all, "all", false, "show every record")
	return cmd
}

// runList streams the records that pass the filters to the printer.
func runList(ctx context.Context, opts *listOptions) error {
	view := show.Records()
	view.Columns = append(view.Columns, baseline())
	printer, err := app.ListPrinterFor(opts.app, view)
	if err != nil {
		return err
	}
	records, stated, err := opts.records(ctx)
	if err != nil {
		return err
	}
	if records, stated, err = opts.narrow.apply(ctx, opts.app, records, stated); err != nil {
		return err
	}
	shown := output.Cut{Limit: opts.limit}
	if opts.all {
		shown.Limit = -1
	}
	names, err := opts.app.Names(ctx)
	if err != nil {
		return err
	}
	fully := output.Shows(printer, view, show.NameFields()...)
	if err := output.List(printer, view, names.NameRecords(ctx, output.Limited(&shown, records), fully)); err != nil {
		return err
	}
	opts.app.Advise()
	if shown.Count == 0 {
		opts.app.Note("no inventory records")
		return nil
	}
	total, _ := stated()
	opts.app.Listed(shown, total, "record", "records")
	return nil
}

// baseline returns the column with the quantity on hand when the list was written. An
// import of the file uses it to notice records that moved since.
func baseline() output.Column[api.Record] {
	return output.Column[api.Record]{Name: "baselineQty", Title: "BASELINE", Wide: true, Only: output.CSV, Value: func(r api.Record) any { return r.OnHandQty }}
}

// records chooses the cheapest call: one request for a product's records, all pages of
// the store otherwise. total returns how many records the store has according to the
// pages read so far; false if the API did not say.
func (o *listOptions) records(ctx context.Context) (list iter.Seq2[api.Record, error], total func() (int, bool), err error) {
	unknown := func() (int, bool) { return 0, false }
	names, err := o.app.Names(ctx)
	if err != nil {
		return nil, nil, err
	}
	client, err := o.app.API(ctx)
	if err != nil {
		return nil, nil, err
	}
	if o.product != "" {
		a, err := names.ParseItem(ctx, o.product)
		if err != nil {
			return nil, nil, err
		}
		if a.Warehouse != "" {
			return nil, nil, failure.Usagef("--product takes PRODUCT[/SKU], not %q", o.product).Hint("name the warehouse with --warehouse")
		}
		a.Warehouse = o.warehouse
		list, err := names.Records(ctx, a)
		if err == nil && len(list) == 0 {
			err = names.Unread(a)
		}
		return output.Items(list), unknown, err
	}
	all := client.Records()
	if o.warehouse == "" {
		return all.All(ctx), all.Total, nil
	}
	w, err := names.Warehouse(ctx, o.warehouse)
	if err != nil {
		return nil, nil, err
	}
	return only(all.All(ctx), func(r api.Record) bool { return r.WarehouseID == w.ID }), unknown, nil
}

// only yields the wanted records, and every error.
func only(records iter.Seq2[api.Record, error], want func(api.Record) bool) iter.Seq2[api.Record, error] {
	return func(yield func(api.Record, error) bool) {
		for r, err := range records {
			if (err != nil || want(r)) && !yield(r, err) {
				return
			}
		}
	}
}
