package inventory

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/cmd/noun"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/output"
)

// getOptions is what `inventory get` knows when it starts.
type getOptions struct {
	app     *app.App
	address lookup.Address
}

func newGetCmd(a *app.App, run func(context.Context, *getOptions) error) *cobra.Command {
	opts := &getOptions{app: a}
	return &cobra.Command{
		Use:   "get PRODUCT[/SKU][@WAREHOUSE]",
		Short: "Show the records of a product, or one record",
		Long: `Show the inventory records of a product or of one of its SKUs, in every
warehouse. With @WAREHOUSE it is one record: -o json prints one object then, and
an array otherwise.` + noun.ExitCodes(
			"0  shown",
			"2  a product kept by SKU was named without one",
			"6  no such record, SKU or warehouse",
		),
		Example: `  stockctl inventory get prod_abc123
  stockctl inventory get prod_abc123@LGS-01
  stockctl inventory get prod_phone_789/sku_red_256gb@ABJ-01 -o json`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: suggest.Records(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if opts.address, err = lookup.ParseAddress(args[0]); err != nil {
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
	if opts.address.Warehouse != "" {
		record, err := names.Record(ctx, opts.address)
		if err != nil {
			return err
		}
		names.NameWarehouse(ctx, &record)
		return output.One(printer, view, record)
	}
	records, err := names.Records(ctx, opts.address)
	if err != nil {
		return err
	}
	if len(records) == 0 {
		return lookup.None(opts.address)
	}
	return output.List(printer, view, named(ctx, names, output.Items(records)))
}
