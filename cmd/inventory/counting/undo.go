package counting

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/sending"
	"github.com/bayworks/stockctl/cmd/inventory/unfinished"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/count"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/undo"
)

// undoOptions is what `inventory count undo` knows when it starts.
type undoOptions struct {
	app    *app.App
	id     string
	dryRun bool
}

func newUndoCmd(a *app.App, run func(context.Context, *undoOptions) error) *cobra.Command {
	opts := &undoOptions{app: a}
	cmd := &cobra.Command{
		Use:   "undo SESSION",
		Short: "Undo the adjustments of a count",
		Long: `Undo a finished count: reverse each of its movements with an ADJUSTED movement
that has the reference "undo count SESSION". Other changes to the same records
are kept.

No movement is undone twice: run the command again to continue an undo that was
stopped or killed, or to retry the movements that were refused. After a kill,
the command first waits for one --timeout, because the last request may still
arrive.` + cli.ExitCodes(
			"0  everything that the count adjusted is undone, or it adjusted nothing",
			"2  the count is not finished, or belongs to another store",
			"6  no such count",
			"7  the count was undone before",
			"9  movements are on hold: repeat the command later",
			"10  some movements were refused, for example because the stock is gone",
			"130, 143  stopped by Ctrl-C or SIGTERM: repeat the command",
		),
		Example: `  stockctl inventory count undo 01KAQ6X0G0V7TQ3M --dry-run
  stockctl inventory count undo 01KAQ6X0G0V7TQ3M`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: finishedCounts(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.id = args[0]
			return run(cmd.Context(), opts)
		},
	}
	cmd.Flags().BoolVar(&opts.dryRun, "dry-run", false, "show what would be undone, and send nothing")
	return cmd
}

// runUndo undoes a count. No other process may work on the count meanwhile.
func runUndo(ctx context.Context, opts *undoOptions) (err error) {
	kept, err := store(opts.app)
	if err != nil {
		return err
	}
	s, err := kept.Open(opts.id)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	env, err := sending.Env(ctx, opts.app, ledger.MaxWorkers)
	if err != nil {
		return err
	}
	head := s.Head
	runs, id, err := s.Applied()
	switch {
	case err != nil:
		return err
	case head.BaseURL != env.BaseURL:
		return failure.Usagef("count %s is for %s, not %s", head.ID, head.BaseURL, env.BaseURL).StartedWith(head.Profile)
	case id == "":
		return nothingToUndo(opts.app, head)
	}
	env.Store = s.UndoRuns()
	undoing := sending.Undoing{
		App: opts.app, Env: env, DryRun: opts.dryRun, About: about(head),
		Options: undo.Options{Source: undo.Source{
			Name: "count " + head.ID, ID: head.ID, File: head.Source, Runs: runs, Run: id, ImportID: s.UndoID(),
			Reference: "undo count " + head.ID, Command: "stockctl inventory count undo " + head.ID, Whole: true,
		}},
	}
	summary, err := undoing.Run(ctx)
	// A process that was killed at the end may have undone everything without recording
	// it.
	if complete := err == nil && summary != nil && summary.Finished; complete || failure.KindOf(err) == undo.AlreadyUndone && head.Undone == nil {
		err = errors.Join(err, s.Undone(opts.app.Now()))
	}
	return err
}

// nothingToUndo reports that a count has posted nothing.
func nothingToUndo(a *app.App, h count.Head) error {
	printer, err := a.Printer()
	if err != nil {
		return err
	}
	a.Note("count %s %s adjusted nothing: there is nothing to undo", h.ID, about(h))
	if printer.Structured() {
		return output.Value(printer, undo.Nothing(h.ID, h.Source))
	}
	return nil
}

// finishedCounts completes the id of a count that can be undone.
func finishedCounts(a *app.App) cobra.CompletionFunc {
	return unfinished.Complete(func() ([]cobra.Completion, error) {
		kept, err := store(a)
		if err != nil {
			return nil, err
		}
		heads, err := kept.Finished()
		var out []cobra.Completion
		for _, h := range heads {
			if h.Undone == nil {
				out = append(out, cobra.CompletionWithDesc(h.ID, h.Source+", "+h.Started.Format("2006-01-02 15:04")))
			}
		}
		return out, err
	})
}
