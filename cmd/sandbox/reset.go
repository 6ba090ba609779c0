package sandbox

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/noun"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
)

// resetOptions is what `sandbox reset` knows when it starts.
type resetOptions struct {
	app   *app.App
	start string // a YAML or JSON file; blank: the built-in shop
}

func newResetCmd(a *app.App, run func(context.Context, *resetOptions) error) *cobra.Command {
	opts := &resetOptions{app: a}
	cmd := &cobra.Command{
		Use:   "reset",
		Short: "Put the sandbox back as it was when new",
		Long: `Forget every record, movement and warehouse of the sandbox profile, and put back
the shop it began with. --start puts a shop of yours in its place: a YAML or JSON
file with warehouses, products and their codes, and records. Ids may be left out
of it.` + noun.ExitCodes(
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
	// The names of the shop that is gone.
	names, err := opts.app.PlaceOfNames(config.Sandbox)
	if err == nil {
		err = names.Forget(nil)
	}
	if err != nil {
		return err
	}
	if start != nil {
		opts.app.Note("the sandbox holds the shop of %s", opts.start)
		return nil
	}
	opts.app.Note("the sandbox is as new")
	return nil
}
