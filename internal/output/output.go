// Package output writes a command's answer: as a table for a person, as
// tab-separated lines for a pipe, or as JSON, JSON lines, YAML, CSV or bare ids.
// It is told what the columns are and knows nothing else about what it prints;
// it makes no request and never writes to stderr.
package output

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// Format is a form that an answer may take.
type Format string

// The formats. Table is the default.
const (
	Table Format = "table" // the columns a person needs
	Wide  Format = "wide"  // every column
	JSON  Format = "json"  // an object for one thing, an array for many
	JSONL Format = "jsonl" // an object a line, written as it comes
	YAML  Format = "yaml"  // a mapping for one thing, a sequence for many
	CSV   Format = "csv"   // every column, written as it comes
	ID    Format = "id"    // an id a line
)

// Formats returns the names of the formats, in the order of the help text.
func Formats() []string {
	return []string{string(Table), string(Wide), string(JSON), string(JSONL), string(YAML), string(CSV), string(ID)}
}

// Options tell how the answer is wanted and what it is written to.
type Options struct {
	Format   string   // one of Formats; "" is table
	Columns  []string // names of columns, any case; none: those that the format shows by itself
	NoHeader bool     // tables and CSV begin with the first row
	// JQ is an expression that the JSON goes through. It implies json; under
	// jsonl it sees one object at a time.
	JQ  string
	Out io.Writer

	// Context ends a jq expression that does not end by itself; nil: never.
	Context context.Context

	Terminal bool // Out is a terminal: tables are aligned and fitted to Width
	Width    int  // columns of the terminal; 80 when not above 0
	Color    bool
	// LeftOut is called after a wide table, which was asked for to see every
	// column, with the names of those left out for want of room; nil: nobody asks.
	LeftOut func(names []string)
}

// defaultWidth is assumed for a terminal of unknown width.
const defaultWidth = 80

// Printer writes one answer. It is made by New and used from one goroutine.
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

// New checks the format and the jq expression, so that a mistake in them is
// found before any request is made. Mistakes are of the kind failure.Usage.
func New(o Options) (*Printer, error) {
	p := &Printer{
		ctx: o.Context, format: Format(o.Format), columns: o.Columns, noHeader: o.NoHeader,
		out: o.Out, terminal: o.Terminal, width: o.Width, color: o.Color, leftOut: o.LeftOut,
	}
	if p.ctx == nil {
		p.ctx = context.Background()
	}
	if len(p.columns) == 0 { // --columns= says no more than its absence
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
	case Table: // what stands when nothing was asked for
		p.format = JSON
	default:
		return nil, failure.Usagef("--jq works on JSON, and the output is %s", o.Format).Hint("add -o json or -o jsonl")
	}
	var err error
	if p.query, err = parseQuery(o.JQ); err != nil {
		return nil, err
	}
	return p, nil
}

// ErrFormat tells that there is no such format.
var ErrFormat = errors.New("unknown output format")

func unknownFormat(name string) error {
	err := failure.Usagef("%w %q", ErrFormat, name)
	if near := failure.Nearest(name, Formats()); len(near) > 0 {
		err = failure.Usagef("%w %q: did you mean %s?", ErrFormat, name, near[0])
	}
	return err.Hint("the formats are %s", strings.Join(Formats(), ", "))
}

// Structured tells whether the answer is for a program that reads objects:
// json, jsonl, yaml, or what jq makes of them.
func (p *Printer) Structured() bool {
	return p.format == JSON || p.format == JSONL || p.format == YAML
}

// CSV tells whether the answer is CSV: a file, more often than not.
func (p *Printer) CSV() bool { return p.format == CSV }

// ForPeople tells whether the answer is a table on a terminal, with the columns
// that it has by itself.
func (p *Printer) ForPeople() bool { return p.format == Table && p.terminal && p.columns == nil }

// tabular tells whether the answer is a table, on a terminal or in a pipe.
func (p *Printer) tabular() bool { return p.format == Table || p.format == Wide }
