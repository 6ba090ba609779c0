package workbook

import (
	"encoding/xml"
	"errors"
	"io"
)

// The bounds of a workbook: what is kept of it, and what is read. A workbook is
// unpacked while it is read, and may unpack to anything.
const (
	maxStrings    = 128 << 20 // of the texts that its cells share
	maxSheetBytes = 4 << 30
	maxPartBytes  = 16 << 20 // of the parts that describe it
	maxDirectory  = 16 << 20 // of the list of its parts
	maxTokenBytes = 4 << 20  // of one piece of XML
	maxRowBytes   = 1 << 20  // of a row of it
	maxSheetRows  = 1 << 20  // as many as a spreadsheet has
	maxSheetCells = 1 << 14  // of a row, as many as a spreadsheet has
	maxNames      = 20       // of the sheets that a message lists
)

var (
	errLongPart  = errors.New("the part is too long")
	errLongPiece = errors.New("the piece is too long")
)

// pieces reads the XML of a part a piece at a time, without its nesting. The decoder
// keeps a piece in memory, whatever its length is: the reader bounds it.
type pieces struct {
	*xml.Decoder
	in   io.Reader
	part int64 // how much of the part may still be read
	room int64 // how much of the piece may
}

func newPieces(in io.Reader, part int64) *pieces {
	p := &pieces{in: in, part: part}
	p.Decoder = xml.NewDecoder(boundedReader{p})
	return p
}

// next returns the next piece, or errLongPart or errLongPiece.
func (p *pieces) next() (xml.Token, error) {
	p.room = maxTokenBytes
	return p.RawToken()
}

type boundedReader struct{ *pieces }

func (b boundedReader) Read(buf []byte) (int, error) {
	if b.part <= 0 {
		return 0, errLongPart
	}
	if b.room <= 0 {
		return 0, errLongPiece
	}
	n, err := b.in.Read(buf)
	b.part -= int64(n)
	b.room -= int64(n)
	return n, err
}

// boundedAt reads from a file, until all that it may read is read.
type boundedAt struct {
	io.ReaderAt
	bounded bool
	left    int64
}

func (b *boundedAt) ReadAt(p []byte, at int64) (int, error) {
	if b.bounded {
		if b.left -= int64(len(p)); b.left < 0 {
			return 0, errLongPart
		}
	}
	return b.ReaderAt.ReadAt(p, at)
}
