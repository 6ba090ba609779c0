package importing

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/sending"
	"github.com/bayworks/stockctl/cmd/inventory/unfinished"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
)

// runOptions is what the commands for runs know when they start.
type runOptions struct {
	app *app.App
	run string // blank: the only unfinished one
}

func newResumeCmd(a *app.App, run func(context.Context, *runOptions) error) *cobra.Command {
	opts := &runOptions{app: a}
	return &cobra.Command{
		Use:   "resume [RUN]",
		Short: "Continue an import that was stopped, or that has rows on hold",
		Long: `Continue an import that was stopped or killed, or that has rows on hold. It
continues with the rows that were checked, even if the file has changed since.
Rows with an unknown outcome are looked up first, so no stock movement is
applied twice. RUN can be omitted if only one run is unfinished.` + cli.ExitCodes(
			"0  every row is applied, or was already there",
			"2  there is no unfinished run, or several, or the run is for another store",
			"9  rows are still on hold",
		),
		Example:           "  stockctl inventory import resume",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: runNames(a, ledger.Unfinished),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.run = strings.Join(args, "")
			return run(cmd.Context(), opts)
		},
	}
}

// runResume finds the run and continues it.
func runResume(ctx context.Context, opts *runOptions) error {
	tuneMemory()
	printer, err := opts.app.Printer()
	if err != nil {
		return err
	}
	if err := opts.choose(ctx); err != nil {
		return err
	}
	env, err := environment(ctx, opts.app, ledger.MaxWorkers)
	if err != nil {
		return err
	}
	if head, err := env.Store.Head(opts.run); err == nil && head.Undoes != "" {
		return runUndo(ctx, &undoOptions{app: opts.app, run: head.Undoes, resume: true})
	}
	plan, err := importer.Reopen(ctx, env, opts.run)
	if err != nil {
		return stillOpen(err, opts.run)
	}
	giveRoom()
	opts.app.Note("run %s: %d of %d rows are left", opts.run, plan.Sendable(), plan.Rows)
	if err := opts.app.Consent(ctx, "Send the rest of run "+opts.run); err != nil {
		return errors.Join(err, plan.Close())
	}
	return stillOpen(carryOut(ctx, opts.app, printer, plan), opts.run)
}

// stillOpen adds to the error how to continue the run if the API cannot be reached: much
// of the run may already be done.
func stillOpen(err error, run string) error {
	if failure.KindOf(err) != failure.Unavailable || failure.HintOf(err) != "" {
		return err
	}
	return failure.WithHint(err, "the run is saved: continue with `stockctl inventory import resume %s` when the API responds", run)
}

// choose finds the only unfinished run if none was named.
func (o *runOptions) choose(ctx context.Context) error {
	if o.run != "" {
		return nil
	}
	store, err := sending.Store(o.app)
	if err != nil {
		return err
	}
	open, err := ledger.Unfinished(store)
	if err != nil {
		return err
	}
	var ids, files []string
	for _, info := range open {
		ids, files = append(ids, info.ID), append(files, info.File)
	}
	o.run, err = unfinished.Only(ctx, o.app, "import", ids, files)
	return err
}
