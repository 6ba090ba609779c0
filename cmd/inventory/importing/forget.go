package importing

import (
	"context"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/sending"
	"github.com/bayworks/stockctl/cmd/inventory/unfinished"
	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
)

func newForgetCmd(a *app.App, run func(context.Context, *runOptions) error) *cobra.Command {
	return &cobra.Command{
		Use:   "forget RUN",
		Short: "Delete the journal of an import",
		Long: `Delete the journal of an import. The import can then no longer be resumed or
undone. If the outcome of a row is unknown, it stays unknown; for an adjust
file, the movement log still shows which rows were applied.` + cli.ExitCodes(
			"0  deleted",
			"2  the run is not finished, and there is no terminal to prompt on: add --yes",
			"6  no such run on this machine",
		),
		Example:           "  stockctl inventory import forget 01KAQ6X0G0V7TQ3M",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: runNames(a, ledger.Runs),
		RunE: func(cmd *cobra.Command, args []string) error {
			return run(cmd.Context(), &runOptions{app: a, run: args[0]})
		},
	}
}

// runForget deletes a run. It asks first if the run is not finished, or cannot be read.
func runForget(ctx context.Context, opts *runOptions) error {
	store, err := sending.Store(opts.app)
	if err != nil {
		return err
	}
	info, damaged := store.Inspect(opts.run)
	if failure.KindOf(damaged) == failure.NotFound {
		return damaged
	}
	if damaged != nil || info.Finished == nil {
		if err := unfinished.ConfirmForget(ctx, opts.app, "run", opts.run, "", damaged); err != nil {
			return err
		}
	}
	if err := store.Forget(opts.run); err != nil {
		return err
	}
	opts.app.Note("forgot run %s", opts.run)
	return nil
}
