// Package counting is `inventory count` and its verbs: scanning, the variance, the
// questions about it, and what became of the movements.
package counting

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/inventory/mapping"
	"github.com/bayworks/stockctl/cmd/noun"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/stock"
)

const countLong = `Count stock, see where it differs from the system's figures, and put them right
by ADJUSTED movements.

FILE is a table, a CSV or an .xlsx workbook among others, with a column countedQty
and columns that name the item and the warehouse: sku (your own code), barcode,
productName or productId and skuId, and warehouseId, which may be left out with
--warehouse. --map takes columns of other names, as in "stockctl inventory import".
Rows of another warehouse than that of --warehouse are skipped, and a row without a
quantity is a mistake unless --blank skip leaves it out.

With --scan each line of standard input is a scanned code: your SKU code, a SKU or
product id, or a barcode of the alias file. "qty 12" sets the last item's count,
"undo" takes the last line back, "remove CODE" takes an item out, "list" shows what
was counted, "done" ends, "?" helps; words and codes may be in any case. Every scan
counts, and is written down before the next: "count resume" takes up what was
closed by accident. Codes that are not known are asked about at the end, and
remembered in the alias file.

The figures of the system are those of when counting began; what moved since is
shown and left as it is. Records that nobody counted are left alone, unless
--complete says that they are empty.`

// countOptions is what `inventory count` knows when it starts.
type countOptions struct {
	app       *app.App
	file      string // blank: scan
	reading   importer.Options
	warehouse string
	aliases   string
	complete  bool
	dryRun    bool
	session   string // resume: blank is the one that is unfinished
}

// New returns `inventory count` with its verbs.
func New(a *app.App) *cobra.Command { return newCountCmd(a, runCount) }

func newCountCmd(a *app.App, run func(context.Context, *countOptions) error) *cobra.Command {
	opts := &countOptions{app: a, reading: importer.Options{Reading: columns.Reading{Mode: stock.Count}}}
	var scan bool
	var moved string
	var table mapping.Flags
	cmd := &cobra.Command{
		Use:   "count FILE|--scan",
		Short: "Count stock from a file or a scanner, and adjust what differs",
		Long:  countLong + countExits(),
		Example: `  stockctl inventory count --scan --warehouse LGS-01
  stockctl inventory count shelf-a.csv --warehouse LGS-01 --dry-run
  stockctl inventory count counted.xlsx --warehouse HRB --map Article=sku \
    --map 'On the shelf=countedQty' --blank skip --ignore-unknown
  stockctl inventory count --scan --warehouse LGS-01 < scans.txt
  stockctl inventory count resume`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.file = strings.Join(args, "")
			switch {
			case scan == (opts.file != ""):
				return failure.Usagef("give a file or --scan, one of the two")
			case scan && opts.warehouse == "":
				return failure.Usagef("--scan needs --warehouse: the one that is counted")
			case scan && table.Typed() != "":
				return failure.Usagef("--%s says how a FILE is read, and --scan reads none", table.Typed())
			}
			opts.reading.IfMoved = ledger.IfMoved(moved)
			if err := opts.read(&table); err != nil {
				return err
			}
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&scan, "scan", false, "read scanned codes, one a line")
	flags.StringVar(&opts.warehouse, "warehouse", "", "the `warehouse` that is counted: its id, code or name")
	flags.StringVar(&opts.aliases, "aliases", "", "the `file` of barcodes (default barcodes.csv beside the configuration)")
	flags.BoolVar(&opts.complete, "complete", false, "all was counted: what was not is empty")
	flags.StringVar(&moved, "if-moved", string(ledger.MovedFail), "a record that moved since baselineQty (`how`): fail, delta or apply")
	flags.StringVar(&opts.reading.Rejects, "rejects", "", "write the rows that are left out as invalid to this `file` instead of NAME.rejects.EXT")
	table.Add(a, cmd, &opts.reading)
	noun.CompleteValues(cmd, "if-moved", []string{string(ledger.MovedFail), string(ledger.MovedDelta), string(ledger.MovedApply)})
	flags.BoolVar(&opts.dryRun, "dry-run", false, "show the variance, and send nothing")
	suggest.Flag(cmd, "warehouse", suggest.Warehouses(a))
	cmd.AddCommand(newCountResumeCmd(a, runCountResume))
	return cmd
}

// read takes in how the file is read.
func (o *countOptions) read(table *mapping.Flags) error {
	r := &o.reading
	r.File, r.WarehouseName = o.file, o.warehouse
	if err := table.Read(r); err != nil {
		return err
	}
	switch {
	case o.complete && r.SkipInvalid:
		return failure.Usagef("--complete and --skip-invalid do not go together: a row that is left out would be taken for empty")
	case o.complete && r.Blank == columns.BlankSkip:
		return failure.Usagef("--complete and --blank skip do not go together: a row without a quantity would be taken for empty")
	case o.complete:
		r.Blank = columns.BlankError
	}
	return r.Check()
}

func newCountResumeCmd(a *app.App, run func(context.Context, *countOptions) error) *cobra.Command {
	opts := &countOptions{app: a}
	cmd := &cobra.Command{
		Use:   "resume [SESSION]",
		Short: "Go on with a count that was closed, or not posted whole",
		Long: `Go on with a count where it stands: with scanning, with the variance, or with the
movements, of which none is applied twice. Without SESSION the one unfinished
count is taken.` + countExits(),
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
	return noun.ExitCodes(
		"0  the figures are right now, or were",
		"2  a flag or the file is wrong, or a code is unknown and nobody can be asked:\n     nothing was sent",
		"6  no such warehouse or count",
		"9  it is not known of some movements whether they were applied: resume",
		"10  some items have no record or an unknown code, have moved since the file\n     was made, or were refused; or rows of the file are invalid",
		"130, 143  stopped: resume",
	)
}
