package importing

import (
	"context"
	"errors"
	"fmt"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/sending"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/undo"
)

// undoOptions is what `inventory import undo` knows when it starts.
type undoOptions struct {
	app          *app.App
	run          string
	emptyCreated bool
	dryRun       bool
	resume       bool // the user said yes before
}

func newUndoCmd(a *app.App, run func(context.Context, *undoOptions) error) *cobra.Command {
	opts := &undoOptions{app: a}
	cmd := &cobra.Command{
		Use:   "undo RUN",
		Short: "Undo what an import has applied",
		Long: `Undo an import: reverse each of its movements with a movement of the action
ADJUSTED and the reference "undo RUN". Other changes to the same records are
kept. A run that was stopped or killed is closed first, and can no longer be
resumed.

Records cannot be deleted. Created records keep their quantity, unless
--empty-created takes the initial quantity out again. Records that --if-exists
set has changed stay as they are. The summary counts both.

No movement is undone twice: run the command again to continue an undo that was
stopped or killed, or to retry the movements that were refused.` + cli.ExitCodes(
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

// runUndo works out the reversing movements, shows them, asks for consent, and sends
// them.
func runUndo(ctx context.Context, opts *undoOptions) (err error) {
	printer, err := opts.app.Printer()
	if err != nil {
		return err
	}
	env, err := sending.Env(ctx, opts.app, ledger.MaxWorkers)
	if err != nil {
		return err
	}
	plan, err := undo.Prepare(ctx, env, undo.Options{Run: opts.run, EmptyCreated: opts.emptyCreated})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, plan.Close()) }()
	describeUndo(opts.app, plan)
	nothing := plan.Movements == 0 && !plan.Resumed()
	switch {
	case opts.dryRun || nothing:
		if printer.Structured() {
			return output.Value(printer, plan.Unsent())
		}
		if opts.dryRun {
			opts.app.Note("dry run: nothing was sent")
		}
		return nil
	case !opts.resume:
		if err := confirmUndo(ctx, opts.app, plan); err != nil {
			return err
		}
	}
	summary, err := plan.Send(ctx)
	if summary == nil {
		return err
	}
	summary.ExitCode = opts.app.ExitCode(err)
	shown := showEnding(printer, summary, summary.Ending(opts.app.Target()))
	if err != nil {
		return err
	}
	return shown
}

// describeUndo says on stderr what would be sent, and what is left.
func describeUndo(a *app.App, p *undo.Plan) {
	of := p.Of()
	if p.Resumed() {
		a.Note("continuing run %s, which undoes run %s: %s left", p.ID, of.ID, failure.Count(p.Movements, "movement", "movements"))
		return
	}
	a.Note("run %s: %s, mode %s, begun %s", of.ID, of.File, of.Mode, of.Started.Format("2006-01-02 15:04"))
	a.Note("%s to undo: %s units go in, %s go out", failure.Count(p.Movements, "movement", "movements"), humanize.Comma(p.In), humanize.Comma(p.Out))
	for _, part := range []struct {
		n    int64
		what string
	}{
		{p.Already, "undone before"},
		{p.Created, "created records keep their quantity (--empty-created takes it out)"},
		{p.Set, "records that were set by --if-exists set stay as they are"},
		{p.Unclear, "rows were sent with an unknown outcome: they stay as they are"},
	} {
		if part.n > 0 {
			a.Note("%s %s", humanize.Comma(part.n), part.what)
		}
	}
}

// confirmUndo asks on a terminal; elsewhere a live key needs --yes.
func confirmUndo(ctx context.Context, a *app.App, p *undo.Plan) error {
	yes, asked, err := a.Confirm(ctx, fmt.Sprintf("Undo run %s with %s to %s?", p.Of().ID, failure.Count(p.Movements, "movement", "movements"), a.Target()))
	switch {
	case err != nil:
		return err
	case !asked && a.Guarded():
		return failure.Usagef("this undo writes to %s, and there is no terminal to prompt on", a.Target()).Hint("add --yes")
	case asked && !yes:
		return failure.ErrCancelled
	}
	return nil
}
