package intake

import (
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// Format is how a table is written.
type Format string

// The formats of tables.
const (
	CSV   Format = "csv"
	TSV   Format = "tsv"
	JSONL Format = "jsonl" // a JSON object a line
	JSON  Format = "json"  // one JSON list of objects, or one object
)

// The encodings a Dialect can name. Options also accepts plain utf-16, and the byte
// order is then detected.
const (
	UTF8        = "utf-8"
	UTF16LE     = "utf-16le"
	UTF16BE     = "utf-16be"
	Windows1252 = "windows-1252"
)

// Options are what the user says about a table. A zero field is detected.
type Options struct {
	Format    Format
	Delimiter rune   // comma, semicolon, tab or |
	Encoding  string // utf-8, utf-16, utf-16le, utf-16be, or the name of a code page
	// Fields names the columns of a CSV or TSV file that has no header row.
	Fields []string
	// SkipLines is how many lines stand above the header.
	SkipLines int
	// Sheet is the sheet of a workbook that is read; blank: the only one.
	Sheet string
	// IsHeader reports whether a line names the columns that are needed: the header
	// is the first such line, where SkipLines does not say which it is.
	IsHeader func(cells []string) bool `json:"-"`
}

// Dialect is how a table is written.
type Dialect struct {
	Format    Format
	Delimiter rune // of CSV and TSV
	Encoding  string
	BOM       bool // begins with a byte order mark
	Gzip      bool
	// guessed: the encoding is windows-1252 because it is not UTF-8.
	guessed bool
	// Above is how many lines stand above the header.
	Above int `json:",omitempty"`
	// Sheet is the sheet of a workbook that the table was taken from. Its rows are
	// read as CSV, a line for each row of the sheet.
	Sheet string `json:",omitempty"`
	// Header holds the names of the columns as written; for JSON, the keys of the
	// first object, to which later ones may add.
	Header []string
}

// String describes the dialect for people: CSV, delimiter ';', windows-1252.
func (v Dialect) String() string {
	var parts []string
	switch {
	case v.Sheet != "":
		parts = append(parts, "XLSX", "sheet "+v.Sheet)
		if v.Above > 0 {
			parts = append(parts, "header on line "+strconv.Itoa(v.Above+1))
		}
		return strings.Join(parts, ", ")
	}
	switch v.Format {
	case CSV:
		parts = append(parts, "CSV", "delimiter "+strconv.QuoteRune(v.Delimiter))
	case TSV:
		parts = append(parts, "TSV")
	case JSONL:
		parts = append(parts, "JSON lines")
	case JSON:
		parts = append(parts, "JSON")
	}
	parts = append(parts, v.Encoding)
	if v.Gzip {
		parts = append(parts, "gzip")
	}
	if v.Above > 0 {
		parts = append(parts, "header on line "+strconv.Itoa(v.Above+1))
	}
	return strings.Join(parts, ", ")
}

// Row is one row of a table. It and its cells are valid until the next call of
// Next, but each cell is a string of its own and may be kept.
type Row struct {
	Line int // the physical line where the row begins
	N    int // the number of the row, from 1; the header is not one
	// Cells hold text as it was written, by the index of the header. A JSON number
	// keeps its literal, null and an absent key are blank, and an object or a list
	// in a JSON row is its JSON without white space.
	Cells []string
}

// RowError is a mistake in one row. Reading goes on after it.
type RowError struct {
	Pos  Pos
	What string // lower case, no full stop
}

// Error returns FILE:LINE:COLUMN: WHAT.
func (e *RowError) Error() string { return e.Problem().String() }

// Problem returns the mistake for a list of them.
func (e *RowError) Problem() failure.Problem {
	return failure.Problem{Where: e.Pos.String(), What: e.What, Code: failure.CodeTornRow}
}

// FailureKind returns Usage: the user has to fix the file.
func (e *RowError) FailureKind() failure.Kind { return failure.Usage }
