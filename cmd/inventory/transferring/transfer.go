// Package transferring is `inventory transfer` and its subcommands: it finds both
// records, prompts, and shows what was moved.
package transferring

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
)

// transferOptions is what `inventory transfer` knows when it starts.
type transferOptions struct {
	app      *app.App
	item     string // PRODUCT[/SKU]
	from, to string // warehouses; blank when not given
	qty      string // as typed; blank when not given
	notes    string
	dryRun   bool
}

const transferLong = `Move stock of a product, or of one of its SKUs, from one warehouse to another.
Both warehouses and records are checked first; only available stock is moved.

The API has no transfers, so stockctl sends two movements: one takes the stock out,
the other brings it in. Both have the same reference, such as tr_k3f7x2m7q4ab, and
a plan is saved before the first is sent. If the second fails, or stockctl is
stopped in between, "transfer resume" completes the transfer and "transfer undo"
reverses it, on any machine. If a response is lost, the movement is looked up in
the log, and never applied twice.

With --file, stockctl makes the moves in a table, such as a CSV or .xlsx file,
with the columns from, to and qty, one that names the item (sku, barcode,
productName, or productId and skuId), and optionally notes. "low-stock
--elsewhere" writes such a file; --map renames columns. All rows are checked
first, each against the stock that earlier rows leave available. Each row is a
separate transfer, and the file gets a reference, such as mv_k3f7x2m7q4ab, for
"transfer resume" and "transfer undo". The same file is not moved twice without
--again.`

// New returns `inventory transfer` with its subcommands.
func New(a *app.App) *cobra.Command { return newTransferCmd(a, runTransfer, runTransferFile) }

func newTransferCmd(a *app.App, run func(context.Context, *transferOptions) error, runFile func(context.Context, *fileOptions) error) *cobra.Command {
	opts := &transferOptions{app: a}
	var file *fileFlags
	cmd := &cobra.Command{
		Use:   "transfer ITEM|--file FILE",
		Short: "Move stock from one warehouse to another",
		Long: transferLong + cli.ExitCodes(
			"0  moved",
			"2  a flag or the file is missing or wrong: nothing was sent",
			"6  no such warehouse or record: nothing was sent",
			"7  not enough is available, refused by the API, or the file was moved\n     before: nothing was moved",
			"8  nothing was moved, and it is safe to repeat; with --file: resume",
			"9  outcome unknown: resume checks before it sends anything",
			"10  the stock left and did not arrive: resume or undo; with --file, also: some\n     rows were not moved",
		),
		Example: `  stockctl inventory transfer TOTE-CANVAS --from LGS-01 --to ABJ-01 --qty 12
  stockctl inventory transfer PHONE-RED-256 --from LGS-01 --to ABJ-01 --qty 2 --notes "van 4"
  stockctl inventory transfer TOTE-CANVAS --from LGS-01 --to ABJ-01 --qty 12 --dry-run
  stockctl inventory transfer -f moves.csv --dry-run
  stockctl inventory transfer -f moves.xlsx --map Article=sku --map Shop=to --fill from=LGS-01
  stockctl inventory transfer resume
  stockctl inventory transfer undo tr_k3f7x2m7q4ab`,
		Args:              func(cmd *cobra.Command, args []string) error { return file.check(cmd, args) },
		ValidArgsFunction: suggest.First(suggest.Products(a)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				file.opts.dryRun = opts.dryRun
				return file.start(cmd.Context())
			}
			once := *opts // a user who goes back to the item answers everything again
			once.item = args[0]
			return run(cmd.Context(), &once)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.from, "from", "", "the `warehouse` to move stock from: its id, code or name")
	flags.StringVar(&opts.to, "to", "", "the `warehouse` to move stock to: its id, code or name")
	flags.StringVar(&opts.qty, "qty", "", "the `quantity`: "+transferTakes)
	flags.StringVar(&opts.notes, "notes", "", "a `remark` for the movement log")
	flags.BoolVar(&opts.dryRun, "dry-run", false, "check everything, show what would move, and send nothing")
	file = addFile(a, cmd, runFile)
	suggest.Flag(cmd, "from", suggest.Warehouses(a))
	suggest.Flag(cmd, "to", suggest.Warehouses(a))
	cmd.AddCommand(newListCmd(a, runList), newTransferResumeCmd(a, runTransferResume), newTransferUndoCmd(a, runTransferUndo))
	return cmd
}

// transferTakes describes the quantity of a transfer.
const transferTakes = "a whole number, 1 or more"

// transferEndOptions is what resume and undo know when they start.
type transferEndOptions struct {
	app       *app.App
	reference string // blank: the only unfinished one
}

func newTransferResumeCmd(a *app.App, run func(context.Context, *transferEndOptions) error) *cobra.Command {
	return &cobra.Command{
		Use:   "resume [REFERENCE]",
		Short: "Complete a transfer that was stopped",
		Long: `Complete a transfer or an undo that was stopped or failed halfway. The movement
log is read first, so nothing is applied twice; a transfer without a plan on
this machine is reconstructed from the log. REFERENCE can be omitted if only one
transfer on this machine is unfinished. For a completed transfer, nothing is sent.

To complete the moves of a file, give its mv_… reference, on the machine where
the moves began.` + cli.ExitCodes(
			"0  done, now or before",
			"2  there is no unfinished transfer, or several: name one",
			"6  no such transfer",
			"9  outcome unknown: check, then resume again",
			"10  the stock is still between the warehouses",
		),
		Example: `  stockctl inventory transfer resume
  stockctl inventory transfer resume tr_k3f7x2m7q4ab
  stockctl inventory transfer resume mv_k3f7x2m7q4ab`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: openTransfers(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts := &transferEndOptions{app: a}
			if len(args) == 1 {
				opts.reference = args[0]
			}
			return run(cmd.Context(), opts)
		},
	}
}

func newTransferUndoCmd(a *app.App, run func(context.Context, *transferEndOptions) error) *cobra.Command {
	return &cobra.Command{
		Use:   "undo REFERENCE",
		Short: "Undo a transfer",
		Long: `Reverse the movements of a transfer: both, or only the first if the transfer
stopped halfway. The reversing movements have the same reference. If an undo is
stopped, run it again. For a transfer that is already undone, nothing is sent.

To undo the moves of a file, give its mv_… reference: all of them are undone,
the last one first.` + cli.ExitCodes(
			"0  undone, now or before",
			"6  no such transfer",
			"7  refused by the API: the stock is no longer there, for example",
			"9  outcome unknown: check, then undo again",
			"10  the stock is still between the warehouses",
		),
		Example: `  stockctl inventory transfer undo tr_k3f7x2m7q4ab
  stockctl inventory transfer undo mv_k3f7x2m7q4ab`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: openTransfers(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			return run(cmd.Context(), &transferEndOptions{app: a, reference: args[0]})
		},
	}
}
