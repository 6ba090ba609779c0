package intake

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// guard observes the bytes on their way to a parser. Offsets are counted from after the
// byte order mark.
type guard struct {
	in io.Reader
	// odd is set after the first byte that is not plain ASCII text. Rows are examined
	// only in files with such bytes.
	odd bool
	// done is where the current row begins, and read is the end of the bytes read.
	// tail has the bytes from base on, for messages.
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

// pass shifts the offsets by a byte order mark, or by the lines above the header.
func (g *guard) pass(n int) {
	g.base -= int64(n)
	g.read -= int64(n)
}

// soundRow reports whether the row that ends at an offset has only good characters.
// This is cheaper than examining each cell.
func (g *guard) soundRow(end int64) bool {
	if !g.odd {
		return true
	}
	row := g.tail[g.done-g.base : end-g.base]
	return utf8.Valid(row) && bytes.IndexByte(row, 0) < 0 && !bytes.Contains(row, []byte("\ufffd"))
}

// blankBefore returns how many bytes of empty lines precede the text of the row that
// ends at an offset.
func (g *guard) blankBefore(end int64) (n int64) {
	row := g.tail[g.done-g.base : end-g.base]
	for _, b := range row {
		if b != '\n' && b != '\r' {
			break
		}
		n++
	}
	return n
}

// lineBefore returns the line that ends at an offset, without its line end.
func (g *guard) lineBefore(offset int64) []byte {
	line := g.tail[:offset-g.base]
	line = bytes.TrimSuffix(line, []byte{'\n'})
	line = bytes.TrimSuffix(line, []byte{'\r'})
	return line[bytes.LastIndexByte(line, '\n')+1:]
}
