package transferring

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/mapping"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/stock"
)

// fileOptions is what `inventory transfer -f` knows when it starts.
type fileOptions struct {
	app     *app.App
	reading importer.Options
	dryRun  bool
	again   bool // the same file may have been moved before
}

// fileFlags are its flags as typed.
type fileFlags struct {
	opts  *fileOptions
	table mapping.Flags
	run   func(context.Context, *fileOptions) error
}

// addFile adds the flags for many moves from one file.
func addFile(a *app.App, cmd *cobra.Command, run func(context.Context, *fileOptions) error) *fileFlags {
	f := &fileFlags{opts: &fileOptions{app: a, reading: importer.Options{Reading: columns.Reading{Mode: stock.Move}}}, run: run}
	flags := cmd.Flags()
	flags.StringVarP(&f.opts.reading.File, "file", "f", "", "make the moves listed in a `file`: a table, such as CSV or .xlsx; - reads standard input")
	flags.BoolVar(&f.opts.again, "again", false, "with --file, make the moves of the same file again")
	flags.StringVar(&f.opts.reading.Rejects, "rejects", "", "with --file, write the invalid rows to this `file` instead of NAME.rejects.EXT")
	f.table.Add(a, cmd, &f.opts.reading)
	cli.CompleteFiles(cmd, "file", "csv", "tsv", "xlsx", "json", "jsonl")
	return f
}

// check checks the arguments of a transfer, or of a file of transfers.
func (f *fileFlags) check(cmd *cobra.Command, args []string) error {
	given := cmd.Flags().Changed
	if !given("file") {
		if name := f.typed(given); name != "" {
			return failure.Usagef("--%s requires --file", name)
		}
		return cobra.ExactArgs(1)(cmd, args)
	}
	if len(args) > 0 {
		return failure.Usagef("give either an item or --file, not both")
	}
	for _, name := range []string{"from", "to", "qty", "notes"} {
		if given(name) {
			return failure.Usagef("--%s is for a single transfer: in a file, use a column (--fill %s=VALUE fills blank cells)", name, name)
		}
	}
	if f.opts.reading.File == "" {
		return failure.Usagef("--file is empty")
	}
	return nil
}

// typed returns the first given flag that needs a file, or "".
func (f *fileFlags) typed(given func(string) bool) string {
	for _, name := range []string{"again", "rejects"} {
		if given(name) {
			return name
		}
	}
	return f.table.Typed()
}

// start runs the command for the file.
func (f *fileFlags) start(ctx context.Context) error {
	if err := f.table.Read(&f.opts.reading); err != nil {
		return err
	}
	if err := f.opts.reading.Check(); err != nil {
		return err
	}
	return f.run(ctx, f.opts)
}
