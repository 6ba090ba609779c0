// Package mapping defines the flags that describe how to read a file, for every command
// that reads one.
package mapping

import (
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/stock"
)

// Flags are the flags as typed. Those that need no parsing go directly into the options.
type Flags struct {
	format, delimiter   string
	maps, values, fills []string
	layout              string
	a                   *app.App
	all                 *pflag.FlagSet
	cmd                 *cobra.Command
}

// Add adds the flags to a command.
func (f *Flags) Add(a *app.App, cmd *cobra.Command, o *importer.Options) {
	f.a, f.cmd = a, cmd
	flags := pflag.NewFlagSet("mapping", pflag.ContinueOnError)
	f.all = flags
	flags.StringVar(&f.layout, "layout", "", "the layout for reading the file: a `name` in \"stockctl layout list\", or a FILE.yaml")
	flags.StringVar(&f.format, "format", "", "the file's `format` (default: detected): csv, tsv, jsonl or json")
	flags.StringVar(&f.delimiter, "delimiter", "", "the `character` that separates cells, or tab (default: detected)")
	flags.StringVar(&o.Table.Encoding, "encoding", "", "the file's `encoding` (default: detected): utf-8, utf-16, windows-1252, cp850, shift-jis, gbk …")
	flags.StringArrayVar(&f.maps, "map", nil, "map a column to a field: `HEADER=FIELD`, or FIELD@WAREHOUSE, or _ to ignore it; may be repeated")
	flags.StringArrayVar(&f.values, "value", nil, "replace a value: `FIELD:FROM=TO`, where * matches any text; may be repeated")
	flags.StringArrayVar(&f.fills, "fill", nil, "fill a field if it is blank: `FIELD=VALUE`; may be repeated")
	flags.StringSliceVar(&o.Table.Fields, "fields", nil, "for a file without a header, the `fields` of its columns, in order; _ ignores a column")
	flags.IntVar(&o.Table.SkipLines, "skip-lines", 0, "the `number` of lines above the header (default: detected)")
	flags.StringVar(&o.Table.Sheet, "sheet", "", "the `name` of the sheet to read from an .xlsx workbook (default: the only one)")
	flags.BoolVar(&o.IgnoreUnknown, "ignore-unknown", false, "ignore unknown columns")
	flags.StringVar(&o.Blank, "blank", "", "the `policy` for rows with a blank quantity: error or skip (default error)")
	flags.StringVar(&o.Decimal, "decimal", "", "the decimal `separator`, . or , (needed if 1.000 could be 1 or 1000)")
	if o.Mode != stock.Move { // in a file of moves, every row counts
		flags.StringVar(&o.Duplicates, "duplicates", "", "the `policy` for a record that is in the file twice: fail, first, last or sum (default fail)")
	}
	flags.BoolVar(&o.SkipInvalid, "skip-invalid", false, "skip invalid rows, and use the others")
	cmd.Flags().AddFlagSet(flags)
	_ = cmd.RegisterFlagCompletionFunc("layout", func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return Names(a), cobra.ShellCompDirectiveDefault
	})
	cli.CompleteValues(cmd, "format", []string{"csv", "tsv", "jsonl", "json"})
	cli.CompleteValues(cmd, "encoding", intake.Encodings())
	cli.CompleteValues(cmd, "blank", []string{columns.BlankError, columns.BlankSkip})
	cli.CompleteValues(cmd, "decimal", []string{columns.DecimalPoint, columns.DecimalComma})
	if o.Mode != stock.Move {
		cli.CompleteValues(cmd, "duplicates", []string{columns.DuplicatesFail, columns.DuplicatesFirst, columns.DuplicatesLast, columns.DuplicatesSum})
	}
}

// Typed returns the first of the flags that was typed, or "".
func (f *Flags) Typed() (name string) {
	f.all.VisitAll(func(one *pflag.Flag) {
		if one.Changed && name == "" {
			name = one.Name
		}
	})
	return name
}

// typed returns the flags that the user typed, quoted for a shell, except those that say
// what the columns are.
func typed(flags *pflag.FlagSet) (words []string) {
	flags.Visit(func(one *pflag.Flag) {
		value := one.Value.String()
		switch one.Name {
		case "map", "value", "fill", "ignore-unknown", "layout", "mode", "file":
			return
		case "fields", "columns":
			value = strings.Join(one.Value.(pflag.SliceValue).GetSlice(), ",")
		}
		if one.Value.Type() == "bool" && value == "true" {
			words = append(words, "--"+one.Name)
			return
		}
		words = append(words, "--"+one.Name+" "+failure.Arg(value))
	})
	return words
}

// Read checks the flags and applies them to the options.
func (f *Flags) Read(o *importer.Options) (err error) {
	o.Typed = typed(f.cmd.Flags())
	o.Table.Format = intake.Format(strings.ToLower(f.format))
	if o.Table.Delimiter, err = Delimiter(f.delimiter); err != nil {
		return err
	}
	for _, text := range f.maps {
		r, err := columns.ParseRule(text)
		if err != nil {
			return err
		}
		for _, other := range o.Map {
			if intake.Fold(other.Header) == intake.Fold(r.Header) {
				return failure.Usagef("--map names %q twice", r.Header)
			}
		}
		o.Map = append(o.Map, r)
	}
	for _, text := range f.values {
		v, err := columns.ParseTranslation(text)
		if err != nil {
			return err
		}
		o.Values = append(o.Values, v)
	}
	if o.Fill, err = fills(f.fills); err != nil || f.layout == "" {
		return err
	}
	kept, err := SavedLayouts(f.a)
	if err != nil {
		return err
	}
	layout, err := kept.Get(f.layout)
	if err == nil {
		layout.Apply(&o.Reading)
	}
	return err
}

// Names completes the name of a layout.
func Names(a *app.App) (out []cobra.Completion) {
	kept, err := SavedLayouts(a)
	if err != nil {
		return nil
	}
	all, _ := kept.List() // only the readable ones
	for _, one := range all {
		out = append(out, cobra.CompletionWithDesc(one.Name, one.About))
	}
	return out
}

// SavedLayouts returns the layouts on this machine, in a folder next to the
// configuration.
func SavedLayouts(a *app.App) (columns.Layouts, error) {
	c, err := a.Config()
	if err != nil {
		return columns.Layouts{}, err
	}
	return columns.Layouts{Dir: filepath.Join(filepath.Dir(c.Path()), "layouts"), Context: a.Context}, nil
}

// Delimiter parses a character or the word tab; 0 means none.
func Delimiter(text string) (rune, error) {
	switch text {
	case "":
		return 0, nil
	case "tab", `\t`:
		return '\t', nil
	}
	r := []rune(text)
	if len(r) != 1 {
		return 0, failure.Usagef("--delimiter must be one character, or tab, not %q", text)
	}
	return r[0], nil
}

// fills parses FIELD=VALUE. It splits at the first =, since a value may contain one.
func fills(list []string) (map[string]string, error) {
	var out map[string]string
	for _, one := range list {
		field, value, ok := strings.Cut(one, "=")
		if !ok || field == "" || value == "" {
			return nil, failure.Usagef("--fill must be field=VALUE, not %q", one)
		}
		if _, twice := out[field]; twice {
			return nil, failure.Usagef("--fill names %q twice", field)
		}
		if out == nil {
			out = map[string]string{}
		}
		out[field] = value
	}
	return out, nil
}
