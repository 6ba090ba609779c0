package workbook

import (
	"encoding/xml"
	"errors"
	"io"
)

// The bounds of a workbook, in memory and while reading. It is unpacked while it is
// read, and may unpack to any size.
const (
	maxStrings    = 128 << 20 // the shared texts of its cells
	maxSheetBytes = 4 << 30
	maxPartBytes  = 16 << 20 // each part that describes it
	maxDirectory  = 16 << 20 // the list of its parts
	maxTokenBytes = 4 << 20  // one piece of XML
	maxRowBytes   = 1 << 20  // one row
	maxSheetRows  = 1 << 20  // the limit of spreadsheets
	maxSheetCells = 1 << 14  // per row; the limit of spreadsheets
	maxNames      = 20       // sheets listed in a message
)

var (
	errLongPart  = errors.New("the part is too long")
	errLongPiece = errors.New("the piece is too long")
)

// pieces reads the XML of a part piece by piece, without its nesting. The decoder keeps
// a whole piece in memory, so the reader limits its length.
type pieces struct {
	*xml.Decoder
	in   io.Reader
	part int64 // how much of the part may still be read
	room int64 // how much of the piece may still be read
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

// boundedAt reads from a file, up to a total number of bytes while bounded.
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
