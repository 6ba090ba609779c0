package warehouse

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/output"
)

// listOptions contains the app and the parsed flags of `warehouse list`.
type listOptions struct {
	app    *app.App
	narrow cli.Narrow
	limit  int // negative: none
}

func newListCmd(a *app.App, run func(context.Context, *listOptions) error) *cobra.Command {
	opts := &listOptions{app: a}
	var all bool
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the warehouses",
		Long: "List the warehouses of the store with their codes: all of them, unless you set\n--limit. If the list is cut off, a note says so." + cli.ExitCodes(
			"0  listed",
			"5  the account is not allowed to read warehouses",
		),
		Example: "  stockctl warehouse list\n  stockctl warehouse list --columns code,name -o csv\n  stockctl warehouse list --search lagos --sort code",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := cli.Exclusive(cmd, "limit", "all"); err != nil {
				return err
			}
			if !cmd.Flags().Changed("limit") {
				opts.limit = -1
			} else if err := cli.CheckLimit(opts.limit, "warehouse"); err != nil {
				return err
			}
			if err := cli.CheckNarrow(opts.narrow, view()); err != nil {
				return err
			}
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	cli.AddNarrow(cmd, &opts.narrow, view(), "warehouses", "their code, name, id or address", "name")
	flags.IntVar(&opts.limit, "limit", 0, "show at most this `number` of warehouses (default all)")
	flags.BoolVar(&all, "all", false, "show every warehouse (the default)")
	return cmd
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
	shown := output.Cut{Limit: opts.limit}
	if err := output.List(printer, view(), output.Limited(&shown, cli.Narrowed(opts.narrow, view(), texts, output.Items(list)))); err != nil {
		return err
	}
	opts.app.Listed(shown, 0, "warehouse", "warehouses")
	return nil
}

// texts returns what people know of a warehouse.
func texts(w api.Warehouse) []string { return []string{w.Code, w.Name, w.ID, w.Address} }
