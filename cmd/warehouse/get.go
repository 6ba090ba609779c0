package warehouse

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/output"
)

// getOptions contains the app and the parsed arguments of `warehouse get`.
type getOptions struct {
	app  *app.App
	name string
}

func newGetCmd(a *app.App, run func(context.Context, *getOptions) error) *cobra.Command {
	opts := &getOptions{app: a}
	return &cobra.Command{
		Use:   "get WAREHOUSE",
		Short: "Show a warehouse",
		Long: "Show a warehouse. WAREHOUSE is its id, its code (case does not matter), or its name." + cli.ExitCodes(
			"0  shown",
			"6  no such warehouse",
		),
		Example:           "  stockctl warehouse get LGS-01\n  stockctl warehouse get \"Lagos Main\" -o json",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: suggest.First(suggest.Warehouses(a)),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.name = args[0]
			return run(cmd.Context(), opts)
		},
	}
}

func runGet(ctx context.Context, opts *getOptions) error {
	printer, err := app.PrinterFor(opts.app, view())
	if err != nil {
		return err
	}
	// Read the list, since Names accepts any name if the list may not be read.
	names, err := opts.app.Names(ctx)
	if err != nil {
		return err
	}
	if _, err := names.Warehouses(ctx); err != nil {
		return err
	}
	w, err := names.Warehouse(ctx, opts.name)
	if err != nil {
		return err
	}
	return output.One(printer, view(), w)
}
