package intake

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

var errFlushed = errors.New("the table has already ended")

// Writer writes rows in the format, delimiter and encoding of a table that was read.
// Reading them again returns the same cells. It does not compress.
type Writer struct {
	out     *bufio.Writer
	v       Dialect
	header  []string
	row     []byte // the current row in UTF-8
	coded   []byte // the current row in the table's encoding
	started bool
	ended   bool
	err     error
}

// NewWriter returns a writer for rows with the given columns. CSV and TSV begin with the
// header, unless it is empty. Nothing is written before the first row.
func NewWriter(w io.Writer, v Dialect, header []string) *Writer {
	return &Writer{out: bufio.NewWriter(w), v: v, header: header}
}

// Write adds one row. In JSON, the names in the header are the keys, and each cell is a
// string, except that an object or a list read from JSON stays one. Characters that the
// encoding lacks become question marks.
func (w *Writer) Write(cells []string) error {
	if w.err == nil && w.ended {
		w.err = errFlushed
	}
	if w.err != nil {
		return w.err
	}
	w.begin()
	switch w.v.Format {
	case JSONL, JSON:
		w.object(cells)
	default:
		w.record(cells)
	}
	w.put()
	return w.err
}

// Start writes what precedes the first row: a byte order mark and the header.
func (w *Writer) Start() error {
	if !w.started {
		w.begin()
		w.put()
	}
	return w.Flush()
}

// Resume makes the writer continue a table that was started before.
func (w *Writer) Resume() { w.started = true }

// WriteBefore adds one row that begins with the given cells. The rest is the text of a
// record from a table of the same dialect, unchanged except for blanks around an object.
// It does not support JSON lists.
func (w *Writer) WriteBefore(cells []string, record []byte) error {
	if w.err != nil {
		return w.err
	}
	w.begin()
	if w.v.Format == JSONL {
		w.before(cells, record)
	} else {
		text := bytes.TrimRight(record, "\r\n")
		end := record[len(text):]
		w.record(cells)
		w.row = utf8.AppendRune(bytes.TrimSuffix(w.row, []byte("\n")), w.v.Delimiter)
		w.row = append(w.row, text...)
		if len(end) == 0 {
			end = []byte("\n")
		}
		w.row = append(w.row, end...)
	}
	w.put()
	return w.err
}

// before adds a JSON object: the given cells, then the members of the object.
func (w *Writer) before(cells []string, object []byte) {
	w.object(cells)
	object = bytes.TrimSpace(object)
	rest := bytes.TrimLeft(bytes.TrimPrefix(object, []byte("{")), " \t\r\n")
	w.row = bytes.TrimSuffix(w.row, []byte("}\n"))
	if !bytes.HasPrefix(rest, []byte("}")) {
		w.row = append(w.row, ',')
	}
	w.row = append(append(w.row, rest...), '\n')
}

// begin writes what precedes the first row and, in JSON, what separates two rows.
func (w *Writer) begin() {
	first := !w.started
	w.started = true
	w.row = w.row[:0]
	if first && (w.v.BOM || w.v.Encoding == UTF16LE || w.v.Encoding == UTF16BE) {
		// UTF-16 cannot be recognised reliably without its mark.
		w.row = append(w.row, bomUTF8...)
	}
	switch {
	case w.v.Format == JSON && first:
		w.row = append(w.row, "[\n"...)
	case w.v.Format == JSON:
		w.row = append(w.row, ",\n"...)
	case w.v.Format != JSONL && first && len(w.header) > 0:
		w.record(w.header)
	}
}

// Flush ends the table and writes what is buffered. In JSON, no row may follow. In the
// other formats, Flush may be called at any time.
func (w *Writer) Flush() error {
	if w.err == nil && w.v.Format == JSON && !w.ended {
		w.row, w.ended = w.row[:0], true
		if !w.started {
			w.row = append(w.row, '[')
		}
		w.row = append(w.row, "\n]\n"...)
		w.put()
	}
	if w.err == nil {
		w.err = w.out.Flush()
	}
	return w.err
}

// record adds a line of CSV or TSV.
func (w *Writer) record(cells []string) {
	for i, cell := range cells {
		if i > 0 {
			w.row = utf8.AppendRune(w.row, w.v.Delimiter)
		}
		if !w.needsQuotes(cell, len(cells)) {
			w.row = append(w.row, cell...)
			continue
		}
		w.row = append(w.row, '"')
		// A reader drops the CR of a CR LF inside quotes, so write another one.
		cell = strings.ReplaceAll(cell, "\r\n", "\r\r\n")
		w.row = append(w.row, strings.ReplaceAll(cell, `"`, `""`)...)
		w.row = append(w.row, '"')
	}
	w.row = append(w.row, '\n')
}

// needsQuotes reports whether a cell needs quotes. A blank one does if it is the only
// cell, because an empty line would not be read as a row.
func (w *Writer) needsQuotes(cell string, columns int) bool {
	return cell == "" && columns == 1 || strings.ContainsAny(cell, "\"\r\n") || strings.ContainsRune(cell, w.v.Delimiter)
}

// object adds a JSON object in one line.
func (w *Writer) object(cells []string) {
	w.row = append(w.row, '{')
	for i, name := range w.header {
		if i >= len(cells) {
			break
		}
		if i > 0 {
			w.row = append(w.row, ',')
		}
		w.row = appendText(w.row, name)
		w.row = append(w.row, ':')
		if nested(cells[i]) {
			w.row = append(w.row, cells[i]...)
		} else {
			w.row = appendText(w.row, cells[i])
		}
	}
	w.row = append(w.row, '}')
	if w.v.Format == JSONL {
		w.row = append(w.row, '\n')
	}
}

// nested reports whether a cell is an object or a list as the reader returns it.
func nested(cell string) bool {
	if !strings.HasPrefix(cell, "{") && !strings.HasPrefix(cell, "[") {
		return false
	}
	o := newObjects()
	wrapped := `{"":` + cell + `}`
	return o.parse([]byte(wrapped)) == nil && len(o.cells) == 1 && o.cells[0] == cell
}

// appendText adds a JSON string. Unlike encoding/json, it does not escape <, > and &.
func appendText(row []byte, text string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	// A string always encodes.
	_ = e.Encode(text)
	return append(row, bytes.TrimSuffix(b.Bytes(), []byte{'\n'})...)
}

// put writes the current row in the table's encoding.
func (w *Writer) put() {
	out := w.row
	switch w.v.Encoding {
	case UTF16LE, UTF16BE:
		out = w.wide()
	default:
		if page := charset(w.v.Encoding); page != nil {
			w.coded = encoded(w.coded[:0], string(w.row), page)
			out = w.coded
		}
	}
	if w.err == nil {
		_, w.err = w.out.Write(out)
	}
}

func (w *Writer) wide() []byte {
	w.coded = w.coded[:0]
	for _, unit := range utf16.Encode([]rune(string(w.row))) {
		if w.v.Encoding == UTF16LE {
			w.coded = append(w.coded, byte(unit), byte(unit>>8))
		} else {
			w.coded = append(w.coded, byte(unit>>8), byte(unit))
		}
	}
	return w.coded
}
