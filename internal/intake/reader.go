package intake

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"

	"github.com/bayworks/stockctl/internal/failure"
)

// The bounds of a table. The number of rows is unlimited.
const (
	maxRowBytes = 1 << 20
	maxColumns  = 1000
	bufferBytes = 64 << 10
)

// Reader streams the rows of a table. Its memory does not grow with the file.
type Reader struct {
	src  source
	row  Row
	over error // the error that ended the reading
	raw  rawColumn
}

// source finds the rows of one format.
type source interface {
	// next sets Line and Cells of the row. A *RowError concerns only this row.
	next(row *Row) error
	// pos returns the position of a cell of the current row.
	pos(row *Row, cell int) Pos
	// span returns where the text of the current row is.
	span() Span
	header() []string
}

// Span is the location of a row's text in the table, as UTF-8.
type Span struct {
	Offset int64
	Length int
	Column int // where the text begins in its line, in characters, from 1
}

// NewReader returns a reader for a table with the dialect that Sniff found. It reads
// the header, and returns an error if that cannot name the columns. It also copies the
// text that it reads, as UTF-8, to into: the spans of the rows refer to that copy.
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

// NewRowReader reads the text of one row again, from the span of a copy. The header has
// all columns of the table, and at is where the text begins.
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

// markLength returns the length of a byte order mark, if there is one.
func markLength(marked bool) int64 {
	if marked {
		return int64(len(bomUTF8))
	}
	return 0
}

// withoutMark skips a byte order mark and reports whether there was one.
func withoutMark(r io.Reader) (in *bufio.Reader, found bool) {
	in = bufio.NewReaderSize(r, bufferBytes)
	head, err := in.Peek(len(bomUTF8))
	if err != nil || string(head) != bomUTF8 {
		return in, false
	}
	// Discarding peeked bytes cannot fail.
	_, _ = in.Discard(len(bomUTF8))
	return in, true
}

// Next returns the next row, or io.EOF after the last. It skips rows without any value
// and does not count them. With a *RowError it returns the row as far as it could be
// read, at least as long as the header, and the caller may continue. Any other error is
// final. It is a *failure.Problems if the file is at fault.
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

// Header returns the names of the columns read so far. For a JSON table, it grows when
// an object has a new key.
func (r *Reader) Header() []string { return r.src.header() }

// Pos returns the position of a cell in the row that Next returned last, or of the row
// if the cell is not in the file.
func (r *Reader) Pos(row *Row, cell int) Pos { return r.src.pos(row, cell) }

// HeaderPos returns the position of a column's name. It is zero if the names are not in
// the file, or not in one place.
func (r *Reader) HeaderPos(column int) Pos {
	c, ok := r.src.(*cells)
	if !ok || column >= len(c.heads) {
		return Pos{}
	}
	return c.heads[column]
}

// Span returns where the text of the row is that Next returned last.
func (r *Reader) Span() Span { return r.src.span() }

// fatal returns a mistake after which the rows cannot be separated.
func fatal(at Pos, format string, args ...any) error {
	return &failure.Problems{Source: at.File, List: []failure.Problem{problem(at, format, args...)}}
}

// readable makes an error of the underlying reader a sentence, unless it is one already.
func readable(name string, err error) error {
	switch {
	case err == nil || errors.Is(err, io.EOF) || failure.KindOf(err) != failure.Unexpected:
		return err
	case errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF):
		return fatal(Pos{File: name}, "is damaged: it cannot be unpacked to its end")
	}
	return failure.New(failure.Usage, "reading %s: %w", name, err)
}
