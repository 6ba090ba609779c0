package bulk

import (
	"bytes"
	"errors"
	"hash/maphash"
	"io"
)

// blockReader hands out a file in blocks that were compared before.
type blockReader struct {
	source *source
	first  bool
	sum    interface {
		io.Writer
		Sum([]byte) []byte
	}
	block []byte
	ready []byte
	n     int
	over  error
}

func (b *blockReader) Read(p []byte) (int, error) {
	for len(b.ready) == 0 {
		if b.over != nil {
			return 0, b.over
		}
		b.fill()
	}
	n := copy(p, b.ready)
	b.ready = b.ready[n:]
	return n, nil
}

func (b *blockReader) fill() {
	s := b.source
	n, err := s.file.ReadAt(b.block, int64(b.n)*blockSize)
	switch {
	case err == nil:
	case errors.Is(err, io.EOF):
		b.over = io.EOF
	default:
		b.over = err
		return
	}
	hash := maphash.Bytes(s.seed, b.block[:n])
	switch {
	case b.first:
		s.blocks = append(s.blocks, hash)
		_, _ = b.sum.Write(b.block[:n]) // a hash takes everything
		if b.over != nil {
			s.seal(b.sum.Sum(nil))
		}
	case b.n >= len(s.blocks) || s.blocks[b.n] != hash:
		b.over = errChangedLate
		return
	}
	b.n++
	b.ready = b.block[:n]
}

// peeker looks at the first two bytes of a stream.
type peeker struct {
	head []byte
	rest io.Reader
}

func newPeeker(in io.Reader) *peeker {
	head := make([]byte, 2)
	n, _ := io.ReadFull(in, head) // what failed fails again when it is read on
	return &peeker{head[:n], in}
}

func (p *peeker) zipped() bool { return bytes.Equal(p.head, []byte{0x1f, 0x8b}) }

func (p *peeker) Read(b []byte) (int, error) {
	if len(p.head) > 0 {
		n := copy(b, p.head)
		p.head = p.head[n:]
		return n, nil
	}
	return p.rest.Read(b)
}
