package intake

import (
	"bufio"
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
}

// source is one format's way of finding rows.
type source interface {
	// next fills in Line and Cells of the row. A *RowError spoils this row only.
	next(row *Row) error
	// pos is the place of a cell of the current row.
	pos(row *Row, cell int) Pos
	header() []string
}

// NewReader returns a reader of what Sniff judged. It reads the header, and
// refuses one that cannot name the columns.
func NewReader(name string, r io.Reader, v Verdict, o Options) (*Reader, error) {
	if v.Gzip {
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, fatal(Pos{File: name}, "is named or marked as gzip but cannot be unpacked")
		}
		r = z
	}
	r = decoded(r, v.Encoding)
	switch v.Format {
	case JSONL:
		in, _ := withoutMark(r)
		return &Reader{src: newLines(name, in)}, nil
	case JSON:
		in, _ := withoutMark(r)
		return &Reader{src: newArray(name, in)}, nil
	}
	src, err := newCells(name, r, v, o)
	if err != nil {
		return nil, readable(name, err)
	}
	return &Reader{src: src}, nil
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

// Next returns the next row, or io.EOF after the last. With a *RowError comes
// the row as far as it could be read, at least as long as the header, and
// reading may go on. Any other error is the end: it is a *failure.Problems when
// the file is to blame.
func (r *Reader) Next() (*Row, error) {
	if r.over != nil {
		return nil, r.over
	}
	err := r.src.next(&r.row)
	if err != nil && !isRowError(err) {
		r.over = err
		return nil, err
	}
	r.row.N++
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
