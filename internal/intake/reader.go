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
	in := &guard{in: decoded(r, v.Encoding)}
	buffered := bufio.NewReaderSize(in, bufferBytes)
	if head, err := buffered.Peek(len(bomUTF8)); err == nil && string(head) == bomUTF8 {
		if _, err := buffered.Discard(len(bomUTF8)); err != nil {
			return nil, err
		}
		in.passMark()
	}
	var src source
	var err error
	switch v.Format {
	case JSONL:
		src = newLines(name, buffered)
	case JSON:
		src = newArray(name, buffered)
	default:
		src, err = newCells(name, buffered, in, v, o)
	}
	if err != nil {
		return nil, readable(name, err)
	}
	return &Reader{src: src}, nil
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
	var spoilt *RowError
	if err != nil && !errors.As(err, &spoilt) {
		r.over = err
		return nil, err
	}
	r.row.N++
	return &r.row, err
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
// the file are sentences already.
func readable(name string, err error) error {
	var mistakes *failure.Problems
	switch {
	case err == nil || err == io.EOF || errors.As(err, &mistakes):
		return err
	case errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF):
		return fatal(Pos{File: name}, "is damaged: it cannot be unpacked to its end")
	}
	return failure.New(failure.Usage, "reading %s: %w", name, err)
}

// guard watches the bytes on their way to a parser. Offsets are counted from
// after the byte order mark.
type guard struct {
	in io.Reader
	// odd is set once a byte was seen that is no plain ASCII text, so that rows
	// are looked at only in files that have such bytes.
	odd bool
	// done is where the current row begins, read where the bytes end that were
	// read, and tail holds those from base on, for the sake of messages.
	base, done, read int64
	tail             []byte
}

var errRowTooLong = errors.New("row too long")

func (g *guard) Read(p []byte) (int, error) {
	if g.read-g.done > maxRowBytes+bufferBytes {
		return 0, errRowTooLong
	}
	n, err := g.in.Read(p)
	g.read += int64(n)
	g.odd = g.odd || !plainASCII(p[:n])
	if old := int(g.done - g.base); old > 0 {
		g.tail = append(g.tail[:0], g.tail[old:]...)
		g.base = g.done
	}
	g.tail = append(g.tail, p[:n]...)
	return n, err
}

// passMark shifts the offsets by a byte order mark that was passed over.
func (g *guard) passMark() {
	g.base -= int64(len(bomUTF8))
	g.read -= int64(len(bomUTF8))
}

// lineBefore is the line that ends at an offset, without its line end.
func (g *guard) lineBefore(offset int64) []byte {
	line := g.tail[:offset-g.base]
	line = bytes.TrimSuffix(line, []byte{'\n'})
	line = bytes.TrimSuffix(line, []byte{'\r'})
	return line[bytes.LastIndexByte(line, '\n')+1:]
}
