package sandbox

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/internal/app"
)

// resetOptions is what `sandbox reset` knows when it starts.
type resetOptions struct{ app *app.App }

func newResetCmd(a *app.App, run func(context.Context, *resetOptions) error) *cobra.Command {
	opts := &resetOptions{app: a}
	return &cobra.Command{
		Use:     "reset",
		Short:   "Put the sandbox back as it was when new",
		Long:    "Forget every record, movement and warehouse of the sandbox profile, and put back\nthe shop it began with.",
		Example: "  stockctl sandbox reset",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.Context(), opts)
		},
	}
}

func runReset(ctx context.Context, opts *resetOptions) error {
	shop, err := opts.app.Sandbox(ctx)
	if err != nil {
		return err
	}
	if err := shop.Reset(ctx); err != nil {
		return err
	}
	opts.app.Note("the sandbox is as new")
	return nil
}
