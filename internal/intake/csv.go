package intake

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bayworks/stockctl/internal/failure"
)

// cells reads the rows of CSV and TSV.
type cells struct {
	file  string
	in    *csv.Reader
	guard *guard
	names []string
	heads []Pos // the positions of the names
	found int   // the number of cells in the current record
	line  int   // where the current record begins
	sound bool  // the current record has only good characters
	text  Span  // of the current record
	shift int   // lines before the first one that is read
	mark  int64
	lines *bufio.Reader // the input of in
	sheet bool          // each line is a row of a sheet, so columns are counted in cells
}

// bareCells returns a reader of records that knows no columns yet.
func bareCells(file string, r io.Reader, delimiter rune) *cells {
	g := &guard{in: r}
	buffered, marked := withoutMark(g)
	if marked {
		g.pass(len(bomUTF8))
	}
	in := csv.NewReader(buffered) // keeps this buffer, as it is large enough
	in.Comma = delimiter
	in.ReuseRecord = true
	in.FieldsPerRecord = -1
	return &cells{file: file, in: in, guard: g, lines: buffered, mark: markLength(marked)}
}

// skip skips the lines above the header.
func (c *cells) skip(lines int) error {
	for range lines {
		n := 0
		for {
			part, err := c.lines.ReadSlice('\n')
			n += len(part)
			if err == nil {
				break
			}
			if !errors.Is(err, bufio.ErrBufferFull) {
				return err
			}
		}
		c.guard.pass(n)
		c.mark += int64(n)
		c.shift++
	}
	return nil
}

func newCells(file string, r io.Reader, v Dialect, o Options) (*cells, error) {
	c := bareCells(file, r, v.Delimiter)
	c.sheet = v.Sheet != ""
	if err := c.skip(v.Above); err != nil {
		return nil, readable(file, err)
	}
	if len(o.Fields) > 0 {
		c.names = o.Fields
		return c, nil
	}
	first, err := c.read()
	if err == nil && isSepLine(first, v.Delimiter) {
		first, err = c.read()
	}
	var spoilt *RowError
	switch {
	case errors.Is(err, io.EOF):
		return nil, fatal(Pos{File: file}, "is empty")
	case errors.As(err, &spoilt):
		return nil, fatal(spoilt.Pos, "the header cannot be read: %s", spoilt.What)
	case err != nil:
		return nil, err
	}
	return c, c.judge(first)
}

// isSepLine reports whether a row sets the delimiter for Excel: sep=;
func isSepLine(row []string, delimiter rune) bool {
	return strings.EqualFold(strings.Join(row, string(delimiter)), "sep="+string(delimiter))
}

// judge checks the header and stores it.
func (c *cells) judge(header []string) error {
	if len(header) > maxColumns {
		return fatal(Pos{c.file, c.line, 1}, "the header names more than %d columns", maxColumns)
	}
	seen := keys{}
	for i, name := range header {
		at := c.position(header, i)
		c.heads = append(c.heads, at)
		if what := badCell(name); what != "" {
			return fatal(at, "the header %s", what)
		}
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		if _, ok := seen.add(name, at); !ok {
			return fatal(at, "two columns are named %q: rename one of them", clip(name))
		}
	}
	if len(seen) == 0 {
		return fatal(c.position(header, 0), "the first line has no column names: a header is needed")
	}
	c.setNames(header)
	return nil
}

func (c *cells) setNames(header []string) { c.names = slices.Clone(header) }

func (c *cells) header() []string { return c.names }

func (c *cells) span() Span { return c.text }

func (c *cells) next(row *Row) error {
	record, err := c.read()
	for err == nil && isBlank(record) {
		record, err = c.read()
	}
	row.Cells, row.Line = record, c.line
	if err != nil {
		row.Cells = c.fill(record)
		return err
	}
	return c.check(row)
}

// isBlank reports whether a row has no values.
func isBlank(cells []string) bool {
	for _, cell := range cells {
		if cell != "" && strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// fill extends a row that is shorter than the header.
func (c *cells) fill(record []string) []string {
	for len(record) < len(c.names) {
		record = append(record, "")
	}
	return record
}

// check compares a row with the header. It drops surplus blank cells, which spreadsheets
// leave behind.
func (c *cells) check(row *Row) error {
	for len(row.Cells) > len(c.names) && row.Cells[len(row.Cells)-1] == "" {
		row.Cells = row.Cells[:len(row.Cells)-1]
	}
	if c.sheet { // a sheet has no blank cells at the end of a row
		row.Cells = c.fill(row.Cells)
	}
	if n := len(row.Cells); n != len(c.names) {
		at := c.position(row.Cells, min(n-1, len(c.names)))
		err := c.spoilt(at, "has "+failure.Count(n, "cell", "cells")+", the header has "+failure.Count(len(c.names), "column", "columns"))
		row.Cells = c.fill(row.Cells)
		return err
	}
	if !c.sheet && slices.ContainsFunc(row.Cells, func(cell string) bool { return strings.Contains(cell, "\n") }) {
		if i := swallows(row.Cells, c.in.Comma); i >= 0 {
			return c.spoilt(c.position(row.Cells, i), "a quote opens in this cell and closes rows later: close it in its row, or take the line breaks out of the cell")
		}
	}
	if !c.sound {
		for i, cell := range row.Cells {
			if what := badCell(cell); what != "" {
				return c.spoilt(c.position(row.Cells, i), what)
			}
		}
	}
	return nil
}

// swallows finds a cell that looks like the end of one row and the beginning of another,
// because a quote was not closed until the next quote in a later row. Then every line has
// the number of cells in the header, and the first and the last row have a whole number
// in the same column. It returns -1 if there is no such cell.
func swallows(row []string, comma rune) int {
	separator := string(comma)
	whole := func(cell string) bool {
		_, err := strconv.ParseInt(strings.TrimSpace(cell), 10, 64)
		return err == nil
	}
	for i, cell := range row {
		lines := strings.Split(cell, "\n")
		end := len(lines) - 1
		first := append(slices.Clone(row[:i]), strings.Split(lines[0], separator)...)
		last := append(strings.Split(lines[end], separator), row[i+1:]...)
		if end == 0 || len(first) != len(row) || len(last) != len(row) {
			continue
		}
		fits := !slices.ContainsFunc(lines[1:end], func(line string) bool { return strings.Count(line, separator) != len(row)-1 })
		for j := range row {
			if fits && j != i && whole(first[j]) && whole(last[j]) {
				return i
			}
		}
	}
	return -1
}

func (c *cells) spoilt(at Pos, what string) error { return &RowError{Pos: at, What: what} }

// read returns the next record, or the cells so far if it cannot be read to its end.
func (c *cells) read() ([]string, error) {
	record, err := c.in.Read()
	end := c.in.InputOffset()
	c.sound = err != nil || c.guard.soundRow(end)
	blank := c.guard.blankBefore(end)
	c.text = Span{Offset: c.mark + c.guard.done + blank, Length: int(end - c.guard.done - blank), Column: 1}
	defer func() { c.guard.done = end }()
	c.found = len(record)
	if err == nil {
		c.line, _ = c.in.FieldPos(0)
		c.line += c.shift
		return record, nil
	}
	var bad *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return nil, err
	case errors.Is(err, errRowTooLong):
		return nil, fatal(Pos{c.file, c.line + 1, 1}, "a row from here on is longer than 1 MiB: a quote may be missing")
	case !errors.As(err, &bad):
		return nil, readable(c.file, err)
	case bad.Line != bad.StartLine:
		// It is unknown where the row ends and which rows it includes.
		return nil, fatal(Pos{c.file, bad.StartLine + c.shift, 1}, "a quote that opens in this row is not closed in it, or is closed in the middle of a cell")
	}
	c.line = bad.Line + c.shift
	return record, c.badQuote(bad)
}

// badQuote returns what is wrong with the quotes of a row on one line.
func (c *cells) badQuote(bad *csv.ParseError) error {
	line := c.guard.lineBefore(c.in.InputOffset())
	before := line[:min(bad.Column-1, len(line))]
	what := `text follows the closing quote of a cell: write a quote inside a cell twice, ""`
	switch {
	case errors.Is(bad, csv.ErrBareQuote):
		what = `a cell contains a quote: put the cell in quotes, and write a quote inside it twice, ""`
	case len(before) == len(line):
		what = "the file ends inside a quoted cell: its closing quote is missing"
	}
	return c.spoilt(Pos{c.file, c.line, utf8.RuneCount(before) + 1}, what)
}

func (c *cells) pos(row *Row, cell int) Pos {
	if cell < 0 || cell >= c.found {
		return Pos{c.file, row.Line, 1}
	}
	return c.position(row.Cells, cell)
}

// position returns where a cell begins, in characters. The parser counts bytes.
func (c *cells) position(record []string, cell int) Pos {
	line, column := c.in.FieldPos(cell)
	if c.sheet {
		return Pos{c.file, line + c.shift, cell + 1}
	}
	return Pos{c.file, line + c.shift, column - c.widened(record[:cell])}
}

// widened returns how many more bytes than characters the cells have on their last line.
func (c *cells) widened(record []string) int {
	extra := 0
	for _, cell := range record {
		if i := strings.LastIndexByte(cell, '\n'); i >= 0 {
			extra, cell = 0, cell[i+1:]
		}
		extra += len(cell) - utf8.RuneCountInString(cell) + utf8.RuneLen(c.in.Comma) - 1
	}
	return extra
}
