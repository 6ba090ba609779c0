package importing

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/pace"
	"github.com/bayworks/stockctl/internal/settle"
)

// checkSave refuses --save-plan if the plan could not be saved, or not be followed.
func (o *importOptions) checkSave(cmd *cobra.Command) error {
	switch {
	case !cmd.Flags().Changed("save-plan"):
		return nil
	case o.importing.IfExists == settle.Set:
		return failure.Usagef("--save-plan and --if-exists set cannot be used together: a plan of new records does not contain the quantities of existing " +
			"ones, so it could not report that their stock has moved since").
			Hint("save two plans: one with --if-exists same, and one of the existing records with --mode set")
	case cmd.Flags().Changed("rejects"):
		return failure.Usagef("--save-plan sends nothing, so nothing can be rejected").Hint("give --rejects to `stockctl inventory import apply`")
	}
	return cli.CheckNewFile("--save-plan: "+o.savePlan, o.savePlan)
}

// applyOptions is what `inventory import apply` knows when it starts.
type applyOptions struct {
	app    *app.App
	plan   string
	to     importer.Applying
	dryRun bool
}

func newApplyCmd(a *app.App, run func(context.Context, *applyOptions) error) *cobra.Command {
	opts := &applyOptions{app: a}
	cmd := &cobra.Command{
		Use:   "apply PLAN",
		Short: "Send a plan saved with import --save-plan",
		Long: `Send a plan saved with "import FILE --save-plan PLAN". Exactly what you reviewed
is sent. The imported file is not needed, and you can apply the plan on another
machine, to the same store.

In set mode, a record that has moved since the plan was saved is a conflict: it
is not sent. All other rows are sent as planned.

A plan can be applied once. If the command was stopped or killed, run it again
to continue: no row is applied twice.` + cli.ExitCodes(
			"0  every row is applied, or was already there",
			"2  not a plan, a damaged one, or one for another store: nothing was sent",
			"7  the plan was applied before",
			"8  the API stopped responding: apply the plan again later",
			"9  it is unknown whether some rows were applied (they are on hold), or a row\n     was applied twice: see the summary",
			"10  some rows were refused or in conflict: see the rejects file",
			"130, 143  stopped by Ctrl-C or SIGTERM: apply the plan again",
		),
		Example: `  stockctl inventory import stock.csv --mode set --save-plan stock.plan
  stockctl inventory import apply stock.plan --dry-run
  stockctl inventory import apply stock.plan --yes`,
		Args: cobra.ExactArgs(1),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveDefault
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.plan = args[0]
			if err := checkReport(opts.to.Report); err != nil {
				return err
			}
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&opts.dryRun, "dry-run", false, "show what would be sent now, and send nothing")
	flags.StringVar(&opts.to.Rejects, "rejects", "", "write the refused rows to this `file` instead of PLAN.rejects.EXT")
	flags.StringVar(&opts.to.Report, "report", "", "write one line per row to a .jsonl `file`, or the summary to a .json file")
	return cmd
}

// checkReport refuses a report whose name ends in neither .jsonl nor .json.
func checkReport(name string) error {
	if ext := filepath.Ext(name); name != "" && ext != ".jsonl" && ext != ".json" {
		return failure.Usagef("--report %s: name a .jsonl file for one line per row, or a .json file for the summary", name)
	}
	return nil
}

// runApply sends a saved plan, or continues the run that has already begun to send it.
func runApply(ctx context.Context, opts *applyOptions) (err error) {
	tuneMemory()
	printer, err := opts.app.Printer()
	if err != nil {
		return err
	}
	if err := output.Check(printer, changeView()); err != nil && opts.dryRun {
		return err
	}
	saved, err := ledger.OpenSaved(opts.plan)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, saved.Close()) }()
	env, err := environment(ctx, opts.app, saved.Options.Workers())
	if err != nil {
		return err
	}
	if err := saved.At(env.BaseURL); err != nil {
		return err
	}
	switch head, err := env.Store.Head(saved.Head.ID); {
	case failure.KindOf(err) == failure.NotFound:
	case err != nil:
		return err
	case head.Finished != nil || opts.dryRun:
		return importer.Applied(head)
	default:
		return continueApplied(ctx, opts, head)
	}
	env.Reader.Pace().Open(pace.Options{Rate: saved.Options.Rate})
	if !opts.dryRun {
		if err := ledger.Prune(env.Store, opts.app.Now(), saved.Head.Lookback); err != nil {
			return err
		}
	}
	plan, err := importer.Adopt(ctx, env, saved, opts.to)
	if err != nil {
		return err
	}
	giveRoom()
	opts.app.Note("%s was saved %s from %s", opts.plan, saved.Head.Started.Format("2006-01-02 15:04"), plan.Source())
	describePlan(opts.app, plan)
	if opts.dryRun {
		o := &importOptions{app: opts.app, dryRun: true}
		o.importing.File, o.importing.Report = plan.Source(), opts.to.Report
		return errors.Join(showDryRun(ctx, o, printer, plan), plan.Close())
	}
	if err := confirmImport(ctx, opts.app, plan); err != nil {
		return errors.Join(err, plan.Close())
	}
	return carryOut(ctx, opts.app, printer, plan)
}

// continueApplied resumes the run that has begun to send the plan. That run has already
// decided where its files go.
func continueApplied(ctx context.Context, opts *applyOptions, head journal.Head) error {
	if given := strings.TrimSpace(opts.to.Rejects + " " + opts.to.Report); given != "" {
		opts.app.Note("run %s continues with its original files: --rejects and --report are ignored", head.ID)
	}
	return runResume(ctx, &runOptions{app: opts.app, run: head.ID})
}
