package intake

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"

	"github.com/bayworks/stockctl/internal/failure"
)

// The bounds of a table, of which there may be any number of rows.
const (
	maxRowBytes = 1 << 20
	maxColumns  = 1000
	bufferBytes = 64 << 10
)

// Reader streams the rows of a table. Its memory does not grow with the file.
type Reader struct {
	src  source
	row  Row
	over error // what ended the reading
	raw  rawColumn
}

// source is one format's way of finding rows.
type source interface {
	// next fills in Line and Cells of the row. A *RowError spoils this row only.
	next(row *Row) error
	// pos is the place of a cell of the current row.
	pos(row *Row, cell int) Pos
	// span is where the text of the current row stands.
	span() Span
	header() []string
}

// Span is the place of a row's text in the table, as UTF-8.
type Span struct {
	Offset int64
	Length int
	Column int // where the text begins in its line, in characters, from 1
}

// NewReader returns a reader of what Sniff judged. It reads the header, and
// refuses one that cannot name the columns. The text that it reads also goes into a
// copy, as UTF-8: the spans of the rows are places in it.
func NewReader(name string, r io.Reader, v Dialect, o Options, into io.Writer) (*Reader, error) {
	if v.Gzip {
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, fatal(Pos{File: name}, "is named or marked as gzip but cannot be unpacked")
		}
		r = z
	}
	if v.guessed {
		r = io.TeeReader(r, &western{file: name})
	}
	r = io.TeeReader(decoded(r, v.Encoding), into)
	switch v.Format {
	case JSONL:
		in, marked := withoutMark(r)
		return &Reader{src: newLines(name, in, markLength(marked))}, nil
	case JSON:
		in, marked := withoutMark(r)
		return &Reader{src: newArray(name, in, markLength(marked))}, nil
	}
	src, err := newCells(name, r, v, o)
	if err != nil {
		return nil, readable(name, err)
	}
	return &Reader{src: src}, nil
}

// NewRowReader reads the text of one row again, as a span of a copy gives it. The
// header holds all columns of the table, at is where the text begins.
func NewRowReader(text []byte, v Dialect, header []string, at Pos) *Reader {
	in := bufio.NewReader(bytes.NewReader(text))
	switch v.Format {
	case JSONL:
		src := newLines(at.File, in, 0)
		src.line = at.Line - 1
		src.name(header)
		return &Reader{src: src}
	case JSON:
		src := newArray(at.File, in, 0)
		src.line, src.column = at.Line, at.Column
		src.name(header)
		return &Reader{src: src}
	}
	src := bareCells(at.File, bytes.NewReader(text), v.Delimiter)
	src.sheet = v.Sheet != ""
	src.shift = at.Line - 1
	src.setNames(header)
	return &Reader{src: src}
}

// markLength is how many bytes a byte order mark takes.
func markLength(marked bool) int64 {
	if marked {
		return int64(len(bomUTF8))
	}
	return 0
}

// withoutMark passes over a byte order mark, and tells whether there was one.
func withoutMark(r io.Reader) (in *bufio.Reader, found bool) {
	in = bufio.NewReaderSize(r, bufferBytes)
	head, err := in.Peek(len(bomUTF8))
	if err != nil || string(head) != bomUTF8 {
		return in, false
	}
	// What was peeked at can be discarded: this cannot fail.
	_, _ = in.Discard(len(bomUTF8))
	return in, true
}

// Next returns the next row, or io.EOF after the last. Rows without any value are
// left out, and not counted. With a *RowError comes
// the row as far as it could be read, at least as long as the header, and
// reading may go on. Any other error is the end: it is a *failure.Problems when
// the file is to blame.
func (r *Reader) Next() (*Row, error) {
	if r.over != nil {
		return nil, r.over
	}
	err := r.src.next(&r.row)
	for err == nil && isBlank(r.row.Cells) {
		err = r.src.next(&r.row)
	}
	if err != nil && !isRowError(err) {
		r.over = err
		return nil, err
	}
	r.row.N++
	if err == nil {
		err = r.raw.check(r)
	}
	return &r.row, err
}

func isRowError(err error) bool {
	var spoilt *RowError
	return errors.As(err, &spoilt)
}

// Header returns the names of the columns read so far. That of a JSON table
// grows when an object has a new key.
func (r *Reader) Header() []string { return r.src.header() }

// Pos returns the place of a cell of the row that Next returned last; of the
// row itself when the cell is not in the file.
func (r *Reader) Pos(row *Row, cell int) Pos { return r.src.pos(row, cell) }

// HeaderPos returns the place of a column's name; of the file where the names are
// not in it, or not in one place.
func (r *Reader) HeaderPos(column int) Pos {
	c, ok := r.src.(*cells)
	if !ok || column >= len(c.heads) {
		return Pos{}
	}
	return c.heads[column]
}

// Span returns where the text of the row stands that Next returned last.
func (r *Reader) Span() Span { return r.src.span() }

// fatal is a mistake after which no row can be told from the next.
func fatal(at Pos, format string, args ...any) error {
	return &failure.Problems{Source: at.File, List: []failure.Problem{problem(at, format, args...)}}
}

// readable puts an error of the underlying reader into a sentence; mistakes of
// the file and failures that have a kind are sentences already.
func readable(name string, err error) error {
	switch {
	case err == nil || errors.Is(err, io.EOF) || failure.KindOf(err) != failure.Unexpected:
		return err
	case errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF):
		return fatal(Pos{File: name}, "is damaged: it cannot be unpacked to its end")
	}
	return failure.New(failure.Usage, "reading %s: %w", name, err)
}
