package inventory

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/inventory/importing"
	"github.com/bayworks/stockctl/cmd/inventory/mapping"
	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// createTable describes how -f reads a table.
type createTable struct {
	reading importer.Options
	typed   string // the first flag that describes a table; blank: none
	flags   mapping.Flags
}

// add adds the flags for tables to the command.
func (t *createTable) add(opts *createOptions, cmd *cobra.Command) {
	t.reading.Mode, t.reading.Command = stock.Create, "stockctl inventory create -f"
	t.flags.Add(opts.app, cmd, &t.reading)
	cmd.Flags().StringVar(&t.reading.Rejects, "rejects", "", "write the refused rows of a table to this `file` instead of NAME.rejects.EXT")
}

// read checks the flags for tables, and applies the flags that tables share with lists.
func (t *createTable) read(opts *createOptions, cmd *cobra.Command) error {
	t.typed = t.flags.Typed()
	if t.typed == "" && cmd.Flags().Changed("rejects") {
		t.typed = "rejects"
	}
	if t.typed != "" && opts.file == "" {
		return failure.Usagef("--%s requires --file", t.typed)
	}
	t.reading.File, t.reading.IfExists = opts.file, opts.ifExists
	if !opts.policyGiven {
		t.reading.IfExists = settle.Same
	}
	if err := t.flags.Read(&t.reading); err != nil {
		return err
	}
	return t.reading.Check()
}

// run imports the table. Its rows are checked, sent and reported as in an import.
func (t *createTable) run(ctx context.Context, opts *createOptions, in io.Reader) error {
	if len(opts.fields) > 0 {
		one := opts.fields[0]
		err := failure.Usagef("%s cannot override the rows of a table", one.flag)
		if one.field == stock.VariantAttributes {
			return err.Hint("add a column variantAttributes.NAME to %s", opts.file)
		}
		return err.Hint("`--fill %s` fills it in if it is blank", failure.Arg(one.field+"="+one.text))
	}
	return importing.Create(ctx, opts.app, t.reading, in, opts.dryRun)
}

// isTable reports whether a file with this name is read as a table, regardless of its
// content.
func isTable(name string) bool {
	format := intake.FormatByName(name)
	switch filepath.Ext(name) {
	case ".xlsx", ".xlsm", ".xls", ".ods":
		return true
	case ".gz":
		return format != intake.JSON
	}
	return format != "" && format != intake.JSON
}

// sampleSize is how much of a file is examined to see whether it is a table.
const sampleSize = 4 << 10

// findTable reports whether the file is a table, and not YAML or JSON. For a stream it
// returns a reader that includes what it has already read. For a file, which can be
// opened again, it returns nil.
func (t *createTable) findTable(ctx context.Context, opts *createOptions) (in io.Reader, is bool, err error) {
	name := strings.ToLower(opts.file)
	switch ext := filepath.Ext(name); {
	case t.typed != "" && (ext == ".yaml" || ext == ".yml"):
		return nil, false, failure.Usagef("--%s describes a table, and %s is YAML", t.typed, opts.file)
	case t.typed != "", isTable(name):
		return nil, true, nil
	case ext == ".yaml" || ext == ".yml" || ext == ".json" || ext == ".gz":
		return nil, false, nil
	}
	in = opts.app.Stdin(ctx)
	if opts.file != "-" {
		f, err := await.Open(ctx, opts.file)
		if err != nil {
			return nil, false, unreadable(opts.file, err)
		}
		info, err := f.Stat()
		if err != nil || info.IsDir() { // reading it will report the error
			return nil, false, f.Close()
		}
		in = await.Reader(ctx, f)
		if info.Mode().IsRegular() {
			head := make([]byte, sampleSize)
			n, _ := io.ReadFull(in, head) // reading it again will report the error
			return nil, looksLikeTable(head[:n]), f.Close()
		}
	}
	stream := bufio.NewReaderSize(in, sampleSize)
	head, _ := stream.Peek(sampleSize)
	return stream, looksLikeTable(head), nil
}

// looksLikeTable reports whether a file without a known extension is a table: it is
// binary or markup, or its first line has several cells and is neither YAML nor JSON.
func looksLikeTable(head []byte) bool {
	for line := range bytes.Lines(head) {
		line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")))
		if len(line) == 0 || line[0] == '#' || bytes.HasPrefix(line, []byte("%YAML")) {
			continue
		}
		switch {
		case bytes.IndexByte(line, 0) >= 0, line[0] < ' ', line[0] >= 0x80, line[0] == '<', bytes.HasPrefix(line, []byte("PK\x03")), bytes.HasPrefix(line, []byte("%PDF-")):
			return true
		case line[0] == '{', line[0] == '[', bytes.HasPrefix(line, []byte("-")), bytes.Contains(line, []byte(": ")), bytes.HasSuffix(line, []byte(":")):
			return false
		}
		return bytes.ContainsAny(line, ",;\t|")
	}
	return false
}
