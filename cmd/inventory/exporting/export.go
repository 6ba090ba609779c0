// Package exporting is `inventory export`. It writes a sheet for people to fill in, which
// count and import can read.
package exporting

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/mapping"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
)

const exportLong = `Write a sheet for people to fill in, with the inventoryId, the item's code and
name, the warehouse, the shelf, the quantity on hand, and an empty column.

  --for count    countedQty, for "stockctl inventory count FILE"
  --for set      onHandQty, for "stockctl inventory import FILE"
  --for reorder  orderQty, for the person who orders; only records that are low

A count or set sheet ends with the column baselineQty, the quantity on hand when
the sheet was written. Do not change it: if stock has moved since, the row is
reported and not sent. Blank rows are ignored. You can sort or delete rows, and
save the sheet as CSV or as an .xlsx workbook.

The file is UTF-8 with a byte order mark, for spreadsheets; use --delimiter if
yours expects another separator. Text that a spreadsheet would run as a formula
gets a leading '. Existing files are never overwritten; - is standard output.`

// The purposes of a sheet.
const (
	forCount   = "count"
	forSet     = "set"
	forReorder = "reorder"
)

func purposes() []string { return []string{forCount, forSet, forReorder} }

// exportOptions is what `inventory export` knows when it starts.
type exportOptions struct {
	app       *app.App
	file      string
	purpose   string
	warehouse string
	delimiter rune // 0: decided by the file's name
}

// New returns `inventory export`.
func New(a *app.App) *cobra.Command { return newExportCmd(a, runExport) }

func newExportCmd(a *app.App, run func(context.Context, *exportOptions) error) *cobra.Command {
	opts := &exportOptions{app: a}
	var delimiter string
	cmd := &cobra.Command{
		Use:   "export FILE|-",
		Short: "Write a sheet for counting, setting or reordering stock",
		Long: exportLong + cli.ExitCodes(
			"0  the sheet was written, even if it has no rows",
			"2  a flag is wrong, or the file exists",
			"6  no such warehouse",
			"8  the API cannot be reached, or a page of the list cannot be read",
		),
		Example: `  stockctl inventory export count.csv --warehouse LGS-01
  stockctl inventory count count.csv
  stockctl inventory export stock.csv --for set --delimiter ';'
  stockctl inventory export order.csv --for reorder`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			opts.file = args[0]
			if opts.delimiter, err = mapping.Delimiter(delimiter); err != nil {
				return err
			}
			if err := opts.check(); err != nil {
				return err
			}
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.purpose, "for", forCount, "the `purpose` of the sheet: "+failure.OneOf(purposes()))
	flags.StringVar(&opts.warehouse, "warehouse", "", "only records of this `warehouse`: its id, code or name")
	flags.StringVar(&delimiter, "delimiter", "", "the `character` that separates cells (default: a tab for .tsv, otherwise a comma)")
	cli.CompleteValues(cmd, "for", purposes())
	suggest.Flag(cmd, "warehouse", suggest.Warehouses(a))
	return cmd
}

// check checks the options.
func (o *exportOptions) check() error {
	known := false
	for _, one := range purposes() {
		known = known || one == o.purpose
	}
	ext := strings.ToLower(filepath.Ext(o.file))
	switch {
	case !known:
		return failure.Usagef("--for must be %s, not %q", failure.OneOf(purposes()), o.purpose)
	case o.file == "-" || ext == ".csv" || ext == ".tsv":
		return nil
	case ext == ".xlsx" || ext == ".xls" || ext == ".ods":
		return failure.Usagef("%s: a sheet is written as CSV, which spreadsheets can open", o.file).
			Hint("name it %s", strings.TrimSuffix(o.file, filepath.Ext(o.file))+".csv")
	}
	return failure.Usagef("%s: use a .csv or .tsv file, or -", o.file)
}

// form returns the CSV dialect of the sheet.
func (o *exportOptions) form() intake.Dialect {
	v := intake.Dialect{Format: intake.CSV, Delimiter: ',', Encoding: intake.UTF8, BOM: o.file != "-"}
	if strings.EqualFold(filepath.Ext(o.file), ".tsv") {
		v.Format, v.Delimiter = intake.TSV, '\t'
	}
	if o.delimiter != 0 {
		v.Delimiter = o.delimiter
	}
	return v
}
