package workbook

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
)

// rows reads the rows of a sheet as lines of CSV.
type rows struct {
	book *workbook
	in   *pieces
	text []byte // lines that are ready to be read
	at   int    // how much of text was read
	line int    // how many lines there were so far
	over error

	cells []string // of the current row
	size  int      // the length of their texts
	cell  sheetCell
}

// sheetCell is the current cell.
type sheetCell struct {
	column         int // from 0
	kind           string
	style          int
	value, formula []byte
	part           string // the element with its text
	phonetic       bool   // inside a phonetic guide
}

func newRows(w *workbook, in io.Reader) *rows {
	return &rows{book: w, in: newPieces(in, maxSheetBytes)}
}

// Read returns lines of CSV.
func (r *rows) Read(p []byte) (int, error) {
	for r.at == len(r.text) {
		if r.over != nil {
			return 0, r.over
		}
		r.text, r.at = r.text[:0], 0
		r.over = r.next()
	}
	n := copy(p, r.text[r.at:])
	r.at += n
	return n, nil
}

// fault returns a mistake at a position in the sheet, after which the rows cannot be
// separated.
func (r *rows) fault(line, column int, format string, args ...any) error {
	at := intake.Pos{File: r.book.file, Line: line, Column: column}
	return &failure.Problems{Source: r.book.file, List: []failure.Problem{{Where: at.String(), What: fmt.Sprintf(format, args...)}}}
}

// next puts the next row into text.
func (r *rows) next() error {
	for {
		token, err := r.in.next()
		switch {
		case errors.Is(err, io.EOF):
			return io.EOF
		case errors.Is(err, errLongPart):
			return r.fault(r.line+1, 1, "the sheet is longer than %d GiB: save it as CSV and give that file", maxSheetBytes>>30)
		case errors.Is(err, errLongPiece):
			return r.tooLong()
		case err != nil:
			return r.fault(r.line+1, 1, "is damaged: this row of the sheet cannot be read")
		}
		switch t := token.(type) {
		case xml.StartElement:
			err = r.start(t)
		case xml.EndElement:
			switch t.Name.Local {
			case "row":
				return r.put()
			case "c":
				err = r.end()
			case "sheetData": // no more cells follow
				return io.EOF
			case "rPh":
				r.cell.phonetic = false
			default:
				if t.Name.Local == r.cell.part {
					r.cell.part = ""
				}
			}
		case xml.CharData:
			r.appendText(t)
		}
		if err != nil {
			return err
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// start handles the beginning of a row or a cell.
func (r *rows) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		r.cells, r.size = r.cells[:0], 0
		number := r.line + 1
		if number > maxSheetRows {
			return r.fault(number, 1, "the sheet has more rows than a spreadsheet can have")
		}
		if text := attribute(e, "r"); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < number || n > maxSheetRows {
				return r.fault(number, 1, "is damaged: row %.40q follows row %d", text, r.line)
			}
			number = n
		}
		for ; r.line < number-1; r.line++ { // missing rows are blank
			r.text = append(r.text, '\n')
		}
	case "c":
		r.cell = sheetCell{column: len(r.cells), kind: attribute(e, "t"), value: r.cell.value[:0], formula: r.cell.formula[:0]}
		if at := attribute(e, "r"); at != "" {
			column := columnOf(at)
			if column < len(r.cells) || column >= maxSheetCells {
				return r.fault(r.line+1, 1, "is damaged: there is no cell %.40q", at)
			}
			r.cell.column = column
		} else if r.cell.column == maxSheetCells {
			return r.fault(r.line+1, 1, "the row has more cells than a spreadsheet can have")
		}
		r.cell.style, _ = strconv.Atoi(attribute(e, "s")) // 0 if there is none
	case "v", "f", "t":
		if !r.cell.phonetic {
			r.cell.part = e.Name.Local
		}
	case "rPh": // a phonetic guide to a text
		r.cell.phonetic = true
	}
	return nil
}

// appendText adds text to the current cell.
func (r *rows) appendText(text []byte) {
	to := &r.cell.value
	switch r.cell.part {
	case "":
		return
	case "f":
		to = &r.cell.formula
	}
	if room := maxRowBytes + 1 - len(*to); len(text) > room {
		text = text[:room]
	}
	*to = append(*to, text...)
}

// end adds the cell to its row.
func (r *rows) end() error {
	text, err := r.value()
	if err != nil {
		return err
	}
	if text == "" {
		return nil
	}
	if r.size += len(text); r.size > maxRowBytes {
		return r.tooLong()
	}
	for len(r.cells) < r.cell.column {
		r.cells = append(r.cells, "")
	}
	r.cells = append(r.cells, text)
	return nil
}

// value returns the text of the cell. A formula without a stored value stays a formula,
// which is an error only if the cell is used.
func (r *rows) value() (string, error) {
	c := &r.cell
	text := string(c.value)
	switch c.kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(text))
		shared, ok := r.book.strings.get(i)
		if err != nil || !ok {
			return "", r.fault(r.line+1, c.column+1, "is damaged: the text of this cell is missing")
		}
		return shared, nil
	case "b":
		switch text {
		case "0":
			return "FALSE", nil
		case "1":
			return "TRUE", nil
		}
		return text, nil
	case "inlineStr", "str", "e", "d":
		return text, nil
	}
	if text == "" {
		if len(c.formula) > 0 {
			return "=" + string(c.formula), nil
		}
		return "", nil
	}
	return r.book.number(text, c.style), nil
}

// columnOf returns the column of a reference such as C7, from 0, or -1 if there is none.
func columnOf(at string) int {
	n := 0
	for i := range len(at) {
		c := at[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		if n = n*26 + int(c-'A'+1); n > maxSheetCells {
			return maxSheetCells
		}
	}
	return n - 1
}

func (r *rows) tooLong() error { return r.fault(r.line+1, 1, "the row is longer than 1 MiB") }

// put writes the row as a line of CSV.
func (r *rows) put() error {
	before := len(r.text)
	for i, cell := range r.cells {
		if i > 0 {
			r.text = append(r.text, ',')
		}
		r.text = appendCell(r.text, cell)
		if len(r.text)-before > maxRowBytes {
			return r.tooLong()
		}
	}
	r.text = append(r.text, '\n')
	r.line++
	return nil
}

// appendCell adds a cell of CSV. It replaces line breaks with blanks, because each row is
// one line.
func appendCell(line []byte, cell string) []byte {
	if !strings.ContainsAny(cell, ",\"\r\n") {
		return append(line, cell...)
	}
	cell = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", `"`, `""`).Replace(cell)
	return append(append(append(line, '"'), cell...), '"')
}
