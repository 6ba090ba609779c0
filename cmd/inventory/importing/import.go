// Package importing is `inventory import` and its subcommands: flags, prompts and output.
// Package importer checks and sends the rows.
package importing

import (
	"context"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/mapping"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

const importLong = `Import a file with many rows, and report what happened to each of them.

FILE is CSV, TSV, JSON lines, a JSON list or an .xlsx workbook, which may also be
compressed (.gz); - reads standard input. The mode decides what a row does (*
marks a required column):

  create  creates a record:    productId* skuId warehouseId* initialQty*
                               location reorderLevel reorderQty
                               variantAttributes
  adjust  moves stock:         qty* action* reference notes, and the record
  set     sets the quantity:   onHandQty*, and the record

Adjust and set name the record by inventoryId, or by productId, skuId and
warehouseId. The column sku takes your own code in place of skuId; a warehouse
may be given by id, code or name. The whole file is checked before anything is
sent, and every mistake is reported with its line and column.

Each row is written to a journal before it is sent, so a run that was stopped or
killed continues with "import resume". If the response to a stock movement is
lost, the movement is looked up in the log, and never applied twice.`

const importExample = `  stockctl inventory import opening-stock.csv --dry-run
  stockctl inventory import opening-stock.csv
  stockctl inventory import deliveries.csv --mode adjust --import-id night-2026-11-23
  stockctl inventory import deliveries.csv --mode adjust --save-plan d.plan
  stockctl inventory list --all -o csv | stockctl inventory import - --mode set
  stockctl inventory import resume`

// importOptions is what `inventory import` knows when it starts.
type importOptions struct {
	app       *app.App
	importing importer.Options
	since     string // --lookback as typed
	dryRun    bool
	savePlan  string    // write the plan to this file instead of sending it; "": send
	in        io.Reader // the table, if it is already open; nil: standard input
}

// importWords are flags that need more parsing than cobra does.
type importWords struct {
	mode, ifExists, ifMoved, maxErrors, concurrency, shard string
	unsigned, anySign                                      bool
	table                                                  mapping.Flags
}

// New returns `inventory import` with its subcommands.
func New(a *app.App) *cobra.Command { return newImportCmd(a, runImport) }

func newImportCmd(a *app.App, run func(context.Context, *importOptions) error) *cobra.Command {
	opts := &importOptions{app: a}
	var words importWords
	cmd := &cobra.Command{
		Use:   "import FILE|-",
		Short: "Create, adjust or set many records from a file",
		Long: importLong + cli.ExitCodes(
			"0  every row was applied, or was already there",
			"2  a flag or the file is wrong: nothing was sent",
			"7  the rows of an adjust file were applied before: choose with --known",
			"8  the API stopped responding: resume later",
			"9  it is unknown whether some rows were applied (they are on hold), or a row\n     was applied twice: see the summary",
			"10  some rows were refused: fix the rejects file and import that",
			"130, 143  stopped by Ctrl-C or SIGTERM: resume",
		),
		Example: importExample,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.importing.File = args[0]
			if err := words.read(&opts.importing); err != nil {
				return err
			}
			if err := opts.importing.Check(); err != nil {
				return err
			}
			if err := opts.checkSave(cmd); err != nil {
				return err
			}
			return run(cmd.Context(), opts)
		},
	}
	importFlags(cmd, opts, &words)
	cmd.AddCommand(
		newApplyCmd(a, runApply), newResumeCmd(a, runResume), newRunsCmd(a, runRuns), newRunStatusCmd(a, runRunStatus), newShowCmd(a, runShow),
		newUndoCmd(a, runUndo), newForgetCmd(a, runForget), newTemplateCmd(a, runTemplate),
	)
	return cmd
}

func importFlags(cmd *cobra.Command, opts *importOptions, words *importWords) {
	o, flags := &opts.importing, cmd.Flags()
	flags.StringVar(&words.mode, "mode", "", "the import `mode`: "+failure.OneOf(stock.Modes())+" (default create, or set for a file with baselineQty)")
	flags.BoolVar(&words.unsigned, "unsigned", false, "adjust: quantities have no sign: the action decides whether they add or remove stock")
	flags.BoolVar(&words.anySign, "any-sign", false, "adjust: accept a quantity whose sign contradicts its action, and send it unchanged")
	flags.BoolVar(&opts.dryRun, "dry-run", false, "check everything, show what would be sent, and send nothing")
	flags.StringVar(&opts.savePlan, "save-plan", "", "check everything, save what would be sent in a new `file`, and send nothing")
	flags.StringVar(&words.ifExists, "if-exists", string(settle.Same), "create: the `policy` for records that exist: "+failure.OneOf(settle.Policies()))
	flags.StringVar(&words.maxErrors, "max-errors", "", "stop when more rows than this are refused: a `number`, or a percentage such as 5%")
	flags.StringVar(&words.concurrency, "concurrency", "auto", "concurrent requests: auto, or a `number` up to "+strconv.Itoa(ledger.MaxWorkers))
	flags.Float64Var(&o.Rate, "rate", 0, "send at most this `number` of requests per second; 0 means no limit")
	flags.StringVar(&o.ImportID, "import-id", "", "adjust: the `name` of this import; no row is applied twice under the same name")
	flags.StringVar(&o.Known, "known", "", "adjust: the `policy` for rows that were applied before: skip or apply")
	flags.StringVar(&opts.since, "lookback", "30d", "adjust: the `duration` of the log to search for rows that were applied before")
	flags.StringVar(&o.Rejects, "rejects", "", "write the refused rows to this `file` instead of NAME.rejects.EXT")
	flags.StringVar(&o.Report, "report", "", "write one line per row to a .jsonl `file`, or the summary to a .json file")
	flags.StringVar(&words.shard, "shard", "", "import only part `I/N` of the file; I is 0 to N-1")
	flags.StringVar(&words.ifMoved, "if-moved", string(ledger.MovedFail), "set: the `policy` for records that have moved since baselineQty was read: fail, delta or apply")
	words.table.Add(opts.app, cmd, o)
	cli.CompleteValues(cmd, "if-moved", []string{string(ledger.MovedFail), string(ledger.MovedDelta), string(ledger.MovedApply)})
	cli.CompleteValues(cmd, "mode", stock.Modes())
	cli.CompleteValues(cmd, "if-exists", settle.Policies())
	cli.CompleteValues(cmd, "known", []string{importer.KnownSkip, importer.KnownApply})
}

// read parses the words into the options.
func (w *importWords) read(o *importer.Options) (err error) {
	if w.mode != "" {
		if o.Mode, err = stock.ParseMode(w.mode); err != nil {
			return err
		}
	}
	if o.IfExists, err = settle.ParsePolicy(w.ifExists); err != nil {
		return err
	}
	switch {
	case w.unsigned && w.anySign:
		return failure.Usagef("--unsigned and --any-sign cannot be used together")
	case w.unsigned:
		o.Sign = api.SignAbsent
	case w.anySign:
		o.Sign = api.SignAny
	}
	if w.maxErrors != "" {
		if o.MaxErrors, err = ledger.ParseLimit(w.maxErrors); err != nil {
			return err
		}
	}
	if w.shard != "" {
		if o.Shard, err = stock.ParseShard(w.shard); err != nil {
			return err
		}
	}
	if w.concurrency != "auto" {
		if o.Concurrency, err = strconv.Atoi(w.concurrency); err != nil || o.Concurrency < 1 {
			return failure.Usagef("--concurrency must be auto or 1 to %d, not %q", ledger.MaxWorkers, w.concurrency)
		}
	}
	if err := checkReport(o.Report); err != nil {
		return err
	}
	o.IfMoved = ledger.IfMoved(w.ifMoved)
	return w.table.Read(o)
}
