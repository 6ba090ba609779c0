package product

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/output"
)

// getOptions is what `product get` knows when it starts.
type getOptions struct {
	app  *app.App
	id   string
	skus bool
}

func newGetCmd(a *app.App, run func(context.Context, *getOptions) error) *cobra.Command {
	opts := &getOptions{app: a}
	cmd := &cobra.Command{
		Use:   "get PRODUCT",
		Short: "Show a product, or its SKUs",
		Long: "Show a product or, with --skus, its SKUs with their ids, your codes and their\n" +
			"attributes. PRODUCT is your own code for the product or for one of its SKUs, a\nbarcode, an id, or the product's name." + cli.ExitCodes(
			"0  shown",
			"6  no such product",
		),
		Example:           "  stockctl product get TOTE-CANVAS\n  stockctl product get PHONE-RED-256 --skus -o csv",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: suggest.First(suggest.Products(a)),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.id = args[0]
			return run(cmd.Context(), opts)
		},
	}
	cmd.Flags().BoolVar(&opts.skus, "skus", false, "list the product's SKUs")
	return cmd
}

func runGet(ctx context.Context, opts *getOptions) error {
	printer, err := opts.app.Printer()
	if err != nil {
		return err
	}
	check := output.Check(printer, productView())
	if opts.skus {
		check = output.Check(printer, skuView())
	}
	if check != nil {
		return check
	}
	names, err := opts.app.Names(ctx)
	if err != nil {
		return err
	}
	p, err := names.Product(ctx, opts.id)
	if err != nil {
		return err
	}
	if !opts.skus {
		err := output.One(printer, productView(), p)
		if err != nil || len(p.SKUs()) == 0 || !printer.ForPeople() {
			return err
		}
		if _, err := fmt.Fprintln(opts.app.IO.Out); err != nil {
			return err
		}
	}
	if len(p.SKUs()) == 0 {
		opts.app.Note("%s has no SKUs: it is %s", p.ID, p.ProductType)
	}
	return output.List(printer, skuView(), output.Items(p.SKUs()))
}

func skuView() output.View[api.SKU] {
	type column = output.Column[api.SKU]
	return output.View[api.SKU]{
		ID: func(s api.SKU) string { return s.ID },
		Columns: []column{
			{Name: "id", Title: "ID", Keep: true, Value: func(s api.SKU) any { return s.ID }},
			{Name: "sku", Title: "CODE", Keep: true, Value: func(s api.SKU) any { return s.Code }},
			{Name: "attributes", Title: "ATTRIBUTES", Value: func(s api.SKU) any { return s.Attributes }},
			{Name: "price", Title: "PRICE", Value: func(s api.SKU) any { return s.Price.String() }},
		},
	}
}
