package importing

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/sending"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/undo"
)

// undoOptions is what `inventory import undo` knows when it starts.
type undoOptions struct {
	app          *app.App
	run          string
	emptyCreated bool
	dryRun       bool
	resume       bool // the user has already consented
}

func newUndoCmd(a *app.App, run func(context.Context, *undoOptions) error) *cobra.Command {
	opts := &undoOptions{app: a}
	cmd := &cobra.Command{
		Use:   "undo RUN",
		Short: "Undo an import",
		Long: `Undo an import: reverse each of its movements with an ADJUSTED movement that has
the reference "undo RUN". Other changes to the same records are kept. A run that
was stopped or killed is closed first, and can no longer be resumed.

Records cannot be deleted. Created records keep their quantity, unless
--empty-created takes the initial quantity out again. Records that --if-exists
set changed are not restored. The summary counts both.

No movement is undone twice: run the command again to continue an undo that was
stopped or killed, or to retry the movements that were refused. After a kill,
the command first waits for one --timeout, because the last request may still
arrive.` + cli.ExitCodes(
			"0  everything that was applied is undone",
			"6  no such run",
			"7  the run was undone before",
			"9  movements are on hold: repeat the command later",
			"10  some movements were refused, for example because the stock is gone",
			"130, 143  stopped by Ctrl-C or SIGTERM: repeat the command",
		),
		Example: `  stockctl inventory import undo 01KAQ6X0G0V7TQ3M --dry-run
  stockctl inventory import undo 01KAQ6X0G0V7TQ3M --empty-created`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: runNames(a, ledger.Runs),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.run = args[0]
			return run(cmd.Context(), opts)
		},
	}
	cmd.Flags().BoolVar(&opts.emptyCreated, "empty-created", false, "also take out the initial quantity of created records")
	cmd.Flags().BoolVar(&opts.dryRun, "dry-run", false, "show what would be undone, and send nothing")
	return cmd
}

// runUndo undoes an import.
func runUndo(ctx context.Context, opts *undoOptions) error {
	env, err := sending.Env(ctx, opts.app, ledger.MaxWorkers)
	if err != nil {
		return err
	}
	of, err := env.Store.Head(opts.run)
	if err != nil {
		return err
	}
	undoing := sending.Undoing{
		App: opts.app, Env: env, DryRun: opts.dryRun, Agreed: opts.resume,
		Options: undo.Options{Source: undo.OfImport(env.Store, opts.run), EmptyCreated: opts.emptyCreated},
		About:   fmt.Sprintf("%s, mode %s, begun %s", of.File, of.Mode, of.Started.Format("2006-01-02 15:04")),
	}
	_, err = undoing.Run(ctx)
	return err
}
