package warehouse

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/output"
)

// listOptions contains the app of `warehouse list`.
type listOptions struct{ app *app.App }

func newListCmd(a *app.App, run func(context.Context, *listOptions) error) *cobra.Command {
	opts := &listOptions{app: a}
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the warehouses",
		Long: "List the warehouses of the store with their codes." + cli.ExitCodes(
			"0  listed",
			"5  the account may not read warehouses",
		),
		Example: "  stockctl warehouse list\n  stockctl warehouse list --columns code,name -o csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.Context(), opts)
		},
	}
}

func runList(ctx context.Context, opts *listOptions) error {
	printer, err := app.ListPrinterFor(opts.app, view())
	if err != nil {
		return err
	}
	client, err := opts.app.API(ctx)
	if err != nil {
		return err
	}
	list, err := client.Warehouses(ctx)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		opts.app.Note("no warehouses")
	}
	if err := output.List(printer, view(), output.Items(list)); err != nil {
		return err
	}
	opts.app.Footer(len(list), 0, "warehouses")
	return nil
}
