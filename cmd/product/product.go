// Package product has the commands for products. Stockctl only reads products, since
// inventory records refer to their ids and SKUs.
package product

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

// defaultLimit is the number of rows in a list without --limit.
const defaultLimit = 50

// New returns the `product` command with its subcommands.
func New(a *app.App) *cobra.Command {
	return cli.Group(&cobra.Command{
		Use:     "product",
		Short:   "Show products, their SKUs and barcodes",
		Long:    "Show the store's products, the SKUs of those with variants, and their barcodes.",
		Example: "  stockctl product list --search phone\n  stockctl product get PHONE-RED-256 --skus",
	},
		newListCmd(a, runList),
		newGetCmd(a, runGet),
		newSyncCmd(a, runSync),
		newBarcodeCmd(a),
	)
}

// listOptions is what `product list` knows when it starts.
type listOptions struct {
	app    *app.App
	filter api.ProductFilter
	narrow cli.Narrow
	limit  int
	all    bool
}

func newListCmd(a *app.App, run func(context.Context, *listOptions) error) *cobra.Command {
	opts := &listOptions{app: a}
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List products",
		Long: "List the store's products, sorted by name. The API cannot search, and can sort\n" +
			"by few fields only, so --search and --sort read the whole list first. If the list\nis cut off, a note says so." + cli.ExitCodes(
			"0  listed, even if there are none",
			"8  the API cannot be reached, or a page of the list cannot be read",
		),
		Example: "  stockctl product list\n  stockctl product list --type variable --all -o id\n" +
			"  stockctl product list --search phone\n  stockctl product list --sort -price\n  stockctl product list --attribute Color:Red",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := cli.Exclusive(cmd, "limit", "all"); err != nil {
				return err
			}
			if err := cli.CheckLimit(opts.limit, "product"); err != nil {
				return err
			}
			if err := cli.CheckNarrow(opts.narrow, productView()); err != nil {
				return err
			}
			opts.filter.Type = strings.ToUpper(opts.filter.Type)
			if t := opts.filter.Type; t != "" && !slices.Contains(api.ProductTypes(), t) {
				return failure.Usagef("--type must be %s, not %q", failure.OneOf(api.ProductTypes()), t)
			}
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.filter.Type, "type", "", "only this `type`, in upper or lower case: "+failure.OneOf(api.ProductTypes()))
	flags.StringVar(&opts.filter.Attribute, "attribute", "", "only products with this attribute, `Key:Value`")
	cli.AddNarrow(cmd, &opts.narrow, productView(), "products", "their name, codes or ids", "price")
	flags.BoolVar(&opts.filter.Archived, "archived", false, "show archived products instead")
	flags.IntVar(&opts.limit, "limit", defaultLimit, "show at most this `number` of products")
	flags.BoolVar(&opts.all, "all", false, "show every product")
	cli.CompleteValues(cmd, "type", api.ProductTypes())
	return cmd
}

func runList(ctx context.Context, opts *listOptions) error {
	printer, err := app.ListPrinterFor(opts.app, productView())
	if err != nil {
		return err
	}
	client, err := opts.app.API(ctx)
	if err != nil {
		return err
	}
	shown := output.Cut{Limit: opts.limit}
	if opts.all {
		shown.Limit = -1
	}
	products := client.Products(opts.filter)
	if err := output.List(printer, productView(), output.Limited(&shown, cli.Narrowed(opts.narrow, productView(), texts, products.All(ctx)))); err != nil {
		return err
	}
	total, _ := products.Total()
	if opts.narrow.Search != "" {
		total = 0 // it counts the products that do not match, too
	}
	opts.app.Listed(shown, total, "product", "products")
	return nil
}

// texts returns what people know of a product and its SKUs.
func texts(p api.Product) []string {
	out := []string{p.ID, p.Name, p.Code}
	for _, s := range p.SKUs() {
		out = append(out, s.ID, s.Code)
	}
	return out
}

func productView() output.View[api.Product] {
	type column = output.Column[api.Product]
	return output.View[api.Product]{
		ID: func(p api.Product) string { return p.ID },
		People: []column{
			{Name: "name", Title: "NAME", Value: func(p api.Product) any { return p.Name }},
			{Name: "sku", Title: "CODE", Keep: true, Value: func(p api.Product) any { return p.Code }},
			{Name: "productType", Title: "TYPE", Keep: true, Value: func(p api.Product) any { return p.ProductType }},
			{Name: "price", Title: "PRICE", Spare: 1, Value: func(p api.Product) any { return p.Price }},
			{Name: "skus", Title: "SKUS", Spare: 2, Value: func(p api.Product) any { return int64(len(p.SKUs())) }},
			{Name: "id", Title: "ID", Keep: true, Value: func(p api.Product) any { return p.ID }},
		},
		Columns: []column{
			{Name: "id", Title: "ID", Keep: true, Value: func(p api.Product) any { return p.ID }},
			{Name: "name", Title: "NAME", Value: func(p api.Product) any { return p.Name }},
			{Name: "productType", Title: "TYPE", Spare: 1, Keep: true, Value: func(p api.Product) any { return p.ProductType }},
			{Name: "price", Title: "PRICE", Value: func(p api.Product) any { return p.Price }},
			{Name: "skus", Title: "SKUS", Spare: 2, Value: func(p api.Product) any { return int64(len(p.SKUs())) }},
			{Name: "sku", Title: "CODE", Wide: true, Value: func(p api.Product) any { return p.Code }},
		},
	}
}
