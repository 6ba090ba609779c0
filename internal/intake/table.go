package intake

import (
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// Format is the format of a table.
type Format string

// The formats of tables.
const (
	CSV   Format = "csv"
	TSV   Format = "tsv"
	JSONL Format = "jsonl" // one JSON object per line
	JSON  Format = "json"  // one JSON list of objects, or one object
)

// The encodings of a Dialect, besides code pages. In Options, utf-16 has either byte order.
const (
	UTF8        = "utf-8"
	UTF16LE     = "utf-16le"
	UTF16BE     = "utf-16be"
	Windows1252 = "windows-1252"
)

// Options are the user's settings for a table. Zero fields are detected.
type Options struct {
	Format    Format
	Delimiter rune   // comma, semicolon, tab or |
	Encoding  string // utf-8, utf-16, utf-16le, utf-16be, or the name of a code page
	// Fields names the columns of a CSV or TSV file without a header row.
	Fields []string
	// SkipLines is the number of lines above the header.
	SkipLines int
	// Sheet is the sheet of a workbook to read; blank: the only one.
	Sheet string
	// IsHeader reports whether a line names the columns that are needed. Without
	// SkipLines, the header is the first such line.
	IsHeader func(cells []string) bool `json:"-"`
}

// Dialect describes how a table is written.
type Dialect struct {
	Format    Format
	Delimiter rune // of CSV and TSV
	Encoding  string
	BOM       bool // begins with a byte order mark
	Gzip      bool
	// guessed means that windows-1252 is assumed because the text is not UTF-8.
	guessed bool
	// Above is the number of lines above the header.
	Above int `json:",omitempty"`
	// Sheet is the sheet of a workbook that has the table. Its rows are read as CSV,
	// one line per row of the sheet.
	Sheet string `json:",omitempty"`
	// Header has the names of the columns as written. For JSON it has the keys of the
	// first object; later objects may add more.
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

// Row is one row of a table. The row and its slice of cells are valid until the next
// call of Next, but the strings in it may be kept.
type Row struct {
	Line int // the physical line where the row begins
	N    int // the number of the row, from 1; the header is not one
	// Cells has the text as written, by the index of the header. In JSON, a number
	// keeps its literal, null and an absent key are blank, and an object or a list
	// is its JSON without white space.
	Cells []string
}

// RowError is a mistake in one row. Reading can continue after it.
type RowError struct {
	Pos  Pos
	What string // lower case, no full stop
}

// Error returns FILE:LINE:COLUMN: WHAT.
func (e *RowError) Error() string { return e.Problem().String() }

// Problem returns the mistake as a failure.Problem.
func (e *RowError) Problem() failure.Problem {
	return failure.Problem{Where: e.Pos.String(), What: e.What, Code: failure.CodeTornRow}
}

// FailureKind returns Usage: the user must fix the file.
func (e *RowError) FailureKind() failure.Kind { return failure.Usage }
