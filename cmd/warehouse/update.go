package warehouse

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/output"
)

// updateOptions contains the app and the parsed flags of `warehouse update`.
type updateOptions struct {
	app     *app.App
	name    string // id, code or name of the warehouse
	request api.UpdateWarehouse
}

func newUpdateCmd(a *app.App, run func(context.Context, *updateOptions) error) *cobra.Command {
	opts := &updateOptions{app: a}
	var name, code, address string
	var isDefault, active bool
	cmd := &cobra.Command{
		Use:   "update WAREHOUSE",
		Short: "Change a warehouse",
		Long: `Change the name, the code or the address of a warehouse, make it the default, or
make it active or inactive. Nothing else changes. An inactive warehouse keeps
its stock and accepts no new records.` + cli.ExitCodes(
			"0  changed",
			"2  nothing to change, or an invalid value: nothing was sent",
			"6  no such warehouse",
			"7  refused by the API: the code is taken, for example",
			"9  outcome unknown: check with `stockctl warehouse get`",
		),
		Example: `  stockctl warehouse update KAN-01 --name "Kano Main" --default
  stockctl warehouse update KAN-01 --active=false`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: suggest.First(suggest.Warehouses(a)),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.name = args[0]
			given := cmd.Flags().Changed
			if given("name") {
				opts.request.Name = &name
			}
			if given("code") {
				opts.request.Code = &code
			}
			if given("address") {
				opts.request.Address = &address
			}
			if given("default") {
				opts.request.IsDefault = &isDefault
			}
			if given("active") {
				opts.request.Active = &active
			}
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&name, "name", "", "the new `name`")
	flags.StringVar(&code, "code", "", "the new `code`")
	flags.StringVar(&address, "address", "", "the new `address`")
	flags.BoolVar(&isDefault, "default", false, "make it the default warehouse")
	flags.BoolVar(&active, "active", false, "make it active, or inactive with --active=false")
	return cmd
}

func runUpdate(ctx context.Context, opts *updateOptions) error {
	if opts.request == (api.UpdateWarehouse{}) {
		return failure.Usagef("nothing to change").Hint("give --name, --code, --address, --default or --active")
	}
	if err := problems(opts.request.Validate()); err != nil {
		return err
	}
	printer, err := app.PrinterFor(opts.app, view())
	if err != nil {
		return err
	}
	names, err := opts.app.Names(ctx)
	if err != nil {
		return err
	}
	w, err := names.WarehouseOrID(ctx, opts.name)
	if err != nil {
		return err
	}
	client, err := opts.app.API(ctx)
	if err != nil {
		return err
	}
	if err := opts.app.Consent(ctx, "Change warehouse "+lookup.Label(w)); err != nil {
		return err
	}
	writing, done := app.Finish(ctx)
	defer done()
	changed, err := client.UpdateWarehouse(writing, w.ID, opts.request)
	if err != nil {
		return hintToCheck(err)
	}
	opts.app.Done("changed warehouse %s%s", lookup.Label(changed), opts.app.Written())
	return output.One(printer, view(), changed)
}
