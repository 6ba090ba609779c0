// Package counting is `inventory count` and its subcommands: scanning, the variance, the
// prompts about it, and the outcome of the movements.
package counting

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/mapping"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/stock"
)

const countLong = `Count stock, see where the count differs from the system's figures, and correct
them with ADJUSTED movements.

FILE is a table, such as a CSV file or an .xlsx workbook. It needs the columns
countedQty and warehouseId, and one that names the item: sku (your own code),
barcode, productName, or productId with skuId. With --warehouse, warehouseId is
optional, and rows for other warehouses are skipped. --map renames columns, as in
"stockctl inventory import". A row without a quantity is an error, unless you
pass --blank skip.

With --scan, each line of standard input is a scanned code: your SKU code, a SKU
or product id, or a barcode in the barcode file (--aliases). Some words are
commands: "qty 12" sets the last item's count, "undo" reverts the last line,
"remove CODE" removes an item, "list" shows what was counted, "done" ends the
count, and "?" shows help. Case does not matter. Each scan adds one and is saved
before the next is read, so "count resume" can continue a count that was closed
by accident. You are asked about unknown codes at the end, and your answers are
saved in the barcode file.

The count is compared with the stock at the time when counting began. If stock
has moved since, the movement is shown and kept. Records that were not counted
are left alone; with --complete, they are set to 0.`

// countOptions is what `inventory count` knows when it starts.
type countOptions struct {
	app       *app.App
	file      string // blank: scan
	reading   importer.Options
	warehouse string
	aliases   string
	complete  bool
	dryRun    bool
	session   string // resume: blank: the only unfinished one
}

// New returns `inventory count` with its subcommands.
func New(a *app.App) *cobra.Command { return newCountCmd(a, runCount) }

func newCountCmd(a *app.App, run func(context.Context, *countOptions) error) *cobra.Command {
	opts := &countOptions{app: a, reading: importer.Options{Reading: columns.Reading{Mode: stock.Count}}}
	var scan bool
	var moved string
	var table mapping.Flags
	cmd := &cobra.Command{
		Use:   "count FILE|--scan",
		Short: "Count stock from a file or a scanner, and adjust the differences",
		Long:  countLong + countExits(),
		Example: `  stockctl inventory count --scan --warehouse LGS-01
  stockctl inventory count shelf-a.csv --warehouse LGS-01 --dry-run
  stockctl inventory count counted.xlsx --warehouse HRB --map Article=sku \
    --map 'On the shelf=countedQty' --blank skip --ignore-unknown
  stockctl inventory count --scan --warehouse LGS-01 < scans.txt
  stockctl inventory count resume
  stockctl inventory count list`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.file = strings.Join(args, "")
			switch {
			case scan == (opts.file != ""):
				return failure.Usagef("give either a file or --scan").Hint("see `stockctl inventory count --help`")
			case scan && table.Typed() != "":
				return failure.Usagef("--%s is for reading a FILE, and cannot be used with --scan", table.Typed())
			}
			opts.reading.IfMoved = ledger.IfMoved(moved)
			if err := opts.read(&table); err != nil {
				return err
			}
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&scan, "scan", false, "read scanned codes, one per line")
	flags.StringVar(&opts.warehouse, "warehouse", "", "the `warehouse` to count: its id, code or name")
	flags.StringVar(&opts.aliases, "aliases", "", "the `file` of barcodes (default barcodes.csv next to the configuration)")
	flags.BoolVar(&opts.complete, "complete", false, "everything was counted: records not in the count are set to 0")
	flags.StringVar(&moved, "if-moved", string(ledger.MovedFail), "the `policy` for records that have moved since baselineQty was read: fail, delta or apply")
	flags.StringVar(&opts.reading.Rejects, "rejects", "", "write the invalid rows to this `file` instead of NAME.rejects.EXT")
	table.Add(a, cmd, &opts.reading)
	cli.CompleteValues(cmd, "if-moved", []string{string(ledger.MovedFail), string(ledger.MovedDelta), string(ledger.MovedApply)})
	flags.BoolVar(&opts.dryRun, "dry-run", false, "show the variance, and send nothing")
	suggest.Flag(cmd, "warehouse", suggest.Warehouses(a))
	cmd.AddCommand(newCountResumeCmd(a, runCountResume), newListCmd(a, runList), newShowCmd(a, runShow), newUndoCmd(a, runUndo), newForgetCmd(a, runForget))
	return cmd
}

// read parses the flags for reading the file.
func (o *countOptions) read(table *mapping.Flags) error {
	r := &o.reading
	r.File, r.WarehouseName = o.file, o.warehouse
	if err := table.Read(r); err != nil {
		return err
	}
	switch {
	case o.complete && r.SkipInvalid:
		return failure.Usagef("--complete and --skip-invalid cannot be used together: an item whose row is skipped would be set to 0")
	case o.complete && r.Blank == columns.BlankSkip:
		return failure.Usagef("--complete and --blank skip cannot be used together: an item without a quantity would be set to 0")
	case o.complete:
		r.Blank = columns.BlankError
	}
	return r.Check()
}

func newCountResumeCmd(a *app.App, run func(context.Context, *countOptions) error) *cobra.Command {
	opts := &countOptions{app: a}
	cmd := &cobra.Command{
		Use:   "resume [SESSION]",
		Short: "Continue an unfinished count",
		Long: `Continue a count where it stopped: with scanning, with the variance, or with
sending the movements. No movement is applied twice. SESSION can be omitted if
only one count is unfinished.` + countExits(),
		Example:           "  stockctl inventory count resume",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: openCounts(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.session = strings.Join(args, "")
			return run(cmd.Context(), opts)
		},
	}
	cmd.Flags().BoolVar(&opts.dryRun, "dry-run", false, "show the variance, and send nothing")
	return cmd
}

func countExits() string {
	return cli.ExitCodes(
		"0  the figures match the count",
		"2  a flag or the file is wrong, or a code is unknown and there is no\n     terminal to prompt on: nothing was sent",
		"6  no such warehouse or count",
		"9  some movements may or may not have been applied: resume",
		"10  some items have no record or an unknown code, have moved since the file\n     was made, or were refused; or rows of the file are invalid",
		"130, 143  stopped: resume",
	)
}
