package sandbox

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
)

// resetOptions contains the app and the parsed flags of `sandbox reset`.
type resetOptions struct {
	app   *app.App
	start string // a YAML or JSON file; blank: the built-in shop
}

func newResetCmd(a *app.App, run func(context.Context, *resetOptions) error) *cobra.Command {
	opts := &resetOptions{app: a}
	cmd := &cobra.Command{
		Use:   "reset",
		Short: "Restore the sandbox to its initial state",
		Long: `Delete all records, movements and warehouses of the sandbox profile and restore
the built-in shop. Use --start for your own shop instead: a YAML or JSON file
with warehouses, products with their codes, and records. Ids are optional.` + cli.ExitCodes(
			"0  done",
			"2  the start file is wrong: nothing was changed",
		),
		Example: "  stockctl sandbox reset\n  stockctl sandbox reset --start shop.yaml",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.Context(), opts)
		},
	}
	startFlag(cmd, &opts.start)
	return cmd
}

func runReset(ctx context.Context, opts *resetOptions) error {
	start, err := readStart(ctx, opts.start)
	if err != nil {
		return err
	}
	shop, err := opts.app.Sandbox(ctx)
	if err != nil {
		return err
	}
	if err := shop.Reset(ctx, start); err != nil {
		return err
	}
	// Forget the names of the old shop.
	names, err := opts.app.PlaceOfNames(config.Sandbox)
	if err == nil {
		err = names.Forget(nil)
	}
	if err != nil {
		return err
	}
	if start != nil {
		opts.app.Note("the sandbox now contains the shop from %s", opts.start)
		return nil
	}
	opts.app.Note("the sandbox is back in its initial state")
	return nil
}
