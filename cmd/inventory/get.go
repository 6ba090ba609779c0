package inventory

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/stock"
)

// getOptions is what `inventory get` knows when it starts.
type getOptions struct {
	app    *app.App
	record string // an address, or a record's id
}

func newGetCmd(a *app.App, run func(context.Context, *getOptions) error) *cobra.Command {
	opts := &getOptions{app: a}
	return &cobra.Command{
		Use:   "get ITEM[@WAREHOUSE]",
		Short: "Show the records of an item, or one record",
		Long: `Show the inventory records of a product or a SKU in every warehouse. With
@WAREHOUSE, or with a record's id, show one record: -o json then prints an object
instead of an array.

ITEM is your own code, a barcode, an id or a product's name, or PRODUCT/SKU:
see ` + "`stockctl help names`." + cli.ExitCodes(
			"0  shown",
			"2  a product has SKUs and none was named, or a name is not unique",
			"6  no such record, item or warehouse",
		),
		Example: `  stockctl inventory get TOTE-CANVAS
  stockctl inventory get TOTE-CANVAS@LGS-01
  stockctl inventory get PHONE-RED-256@LGS-01 -o json
  stockctl inventory get "Canvas Tote Bag"@LGS-01`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: suggest.Records(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.record = args[0]
			if _, err := stock.ParseAddress(opts.record); err != nil {
				return err
			}
			return run(cmd.Context(), opts)
		},
	}
}

func runGet(ctx context.Context, opts *getOptions) error {
	view := show.Records()
	printer, err := app.PrinterFor(opts.app, view)
	if err != nil {
		return err
	}
	names, err := opts.app.Names(ctx)
	if err != nil {
		return err
	}
	found, one, err := names.Find(ctx, opts.record)
	if err != nil {
		return err
	}
	defer opts.app.Advise()
	records := names.NameRecords(ctx, output.Items(found), output.Shows(printer, view, show.NameFields()...))
	if !one {
		return output.List(printer, view, records)
	}
	for record, err := range records {
		if err != nil {
			return err
		}
		return output.One(printer, view, record)
	}
	return nil
}
