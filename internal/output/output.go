// Package output writes the result of a command: as a table on a terminal, as
// tab-separated lines in a pipe, or as JSON, JSON lines, YAML, CSV or bare ids. It
// knows nothing about what it prints except the columns. It makes no requests and
// never writes to stderr.
package output

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// Format is an output format.
type Format string

// The formats. Table is the default.
const (
	Table Format = "table" // the most important columns
	Wide  Format = "wide"  // every column
	JSON  Format = "json"  // an object for one item, an array for a list
	JSONL Format = "jsonl" // one object per line, streamed
	YAML  Format = "yaml"  // a mapping for one item, a sequence for a list
	CSV   Format = "csv"   // every column, streamed
	ID    Format = "id"    // one id per line
)

// Formats returns the names of the formats, in the order of the help text.
func Formats() []string {
	return []string{string(Table), string(Wide), string(JSON), string(JSONL), string(YAML), string(CSV), string(ID)}
}

// Options describe the format and the destination of the output.
type Options struct {
	Format   string   // one of Formats; "" is table
	Columns  []string // names of columns in any case; none: the format's default columns
	NoHeader bool     // omit the header of tables and CSV
	// JQ is an expression that filters the JSON. It implies json; with jsonl it
	// applies to one object at a time.
	JQ  string
	Out io.Writer

	// Context cancels a jq expression that runs too long; nil means never.
	Context context.Context

	Terminal bool // Out is a terminal: tables are aligned and fitted to Width
	Width    int  // columns of the terminal; 80 if 0 or less
	Color    bool
	// LeftOut, if not nil, is called after a wide table with the names of the
	// columns that did not fit.
	LeftOut func(names []string)
}

// defaultWidth is used for a terminal of unknown width.
const defaultWidth = 80

// Printer writes the output of one command. It must be used from one goroutine.
type Printer struct {
	format   Format
	columns  []string
	noHeader bool
	query    *query // nil without --jq
	ctx      context.Context
	out      io.Writer
	terminal bool
	width    int
	color    bool
	leftOut  func([]string)
}

// New checks the format and the jq expression before any request is made. Its errors
// are of the kind failure.Usage.
func New(o Options) (*Printer, error) {
	p := &Printer{
		ctx: o.Context, format: Format(o.Format), columns: o.Columns, noHeader: o.NoHeader,
		out: o.Out, terminal: o.Terminal, width: o.Width, color: o.Color, leftOut: o.LeftOut,
	}
	if p.ctx == nil {
		p.ctx = context.Background()
	}
	if len(p.columns) == 0 { // --columns= is the same as no --columns
		p.columns = nil
	}
	if p.format == "" {
		p.format = Table
	}
	if p.width <= 0 {
		p.width = defaultWidth
	}
	if !slices.Contains(Formats(), string(p.format)) {
		return nil, unknownFormat(o.Format)
	}
	if o.JQ == "" {
		return p, nil
	}
	switch p.format {
	case JSON, JSONL:
	case Table: // the default, so it does not conflict with --jq
		p.format = JSON
	default:
		return nil, failure.Usagef("--jq works only on JSON, not on %s", o.Format).Hint("add -o json or -o jsonl")
	}
	var err error
	if p.query, err = parseQuery(o.JQ); err != nil {
		return nil, err
	}
	return p, nil
}

// ErrFormat means that the output format does not exist.
var ErrFormat = errors.New("unknown output format")

func unknownFormat(name string) error {
	err := failure.Usagef("%w %q", ErrFormat, name)
	if near := failure.Nearest(name, Formats()); len(near) > 0 {
		err = failure.Usagef("%w %q: did you mean %s?", ErrFormat, name, near[0])
	}
	return err.Hint("the formats are %s", strings.Join(Formats(), ", "))
}

// Structured reports whether the output consists of objects: json, jsonl, yaml, or
// the results of jq.
func (p *Printer) Structured() bool {
	return p.format == JSON || p.format == JSONL || p.format == YAML
}

// CSV reports whether the output is CSV, which usually goes to a file.
func (p *Printer) CSV() bool { return p.format == CSV }

// ForPeople reports whether the output is a table on a terminal with the default
// columns.
func (p *Printer) ForPeople() bool { return p.format == Table && p.terminal && p.columns == nil }

// tabular reports whether the output is a table, on a terminal or in a pipe.
func (p *Printer) tabular() bool { return p.format == Table || p.format == Wide }
