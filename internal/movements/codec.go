package movements

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// maxText is the maximum length of a text in an entry. A longer one means that the
// file is damaged.
const maxText = 1 << 16

var errDamaged = errors.New("the copy of the movement log is damaged")

// The flags of an entry.
const (
	flagDated = 1 << iota
	flagKnown // the entry was in the previous copy
)

// encoder writes entries of about 40 bytes: each record, product and action is
// written once and then referred to by number.
type encoder struct {
	out   *bufio.Writer
	texts map[string]uint64
	count int
	buf   []byte
}

func newEncoder(w io.Writer) *encoder {
	return &encoder{out: bufio.NewWriterSize(w, 64<<10), texts: map[string]uint64{}}
}

// put writes one entry. Errors are reported when the buffer is flushed.
func (e *encoder) put(m Movement, known bool) {
	flags := byte(0)
	if m.Dated {
		flags |= flagDated
	}
	if known {
		flags |= flagKnown
	}
	b := append(e.buf[:0], flags)
	b = binary.AppendUvarint(b, uint64(len(m.ID)))
	b = append(b, m.ID...)
	for _, text := range []string{m.RecordID, m.ProductID, m.Action} {
		number, seen := e.texts[text]
		if seen {
			b = binary.AppendUvarint(b, number)
			continue
		}
		e.texts[text] = uint64(len(e.texts)) + 1
		b = binary.AppendUvarint(b, 0)
		b = binary.AppendUvarint(b, uint64(len(text)))
		b = append(b, text...)
	}
	b = binary.AppendVarint(b, m.Qty)
	if m.Dated {
		b = binary.AppendVarint(b, m.At.Unix())
		b = binary.AppendUvarint(b, uint64(m.At.Nanosecond()))
	}
	_, _ = e.out.Write(b)
	e.buf = b
	e.count++
}

// decoder reads what an encoder wrote.
type decoder struct {
	in    *bufio.Reader
	texts []string
	buf   []byte
}

func newDecoder(r io.Reader) *decoder { return &decoder{in: bufio.NewReaderSize(r, 64<<10)} }

// next returns the next entry, or io.EOF after the last one.
func (d *decoder) next() (m Movement, known bool, err error) {
	flags, err := d.in.ReadByte()
	if err != nil {
		return m, false, err
	}
	if m.ID, err = d.text(); err != nil {
		return m, false, damaged(err)
	}
	for _, field := range []*string{&m.RecordID, &m.ProductID, &m.Action} {
		if *field, err = d.shared(); err != nil {
			return m, false, damaged(err)
		}
	}
	if m.Qty, err = binary.ReadVarint(d.in); err != nil {
		return m, false, damaged(err)
	}
	if flags&flagDated != 0 {
		seconds, err := binary.ReadVarint(d.in)
		if err != nil {
			return m, false, damaged(err)
		}
		nanoseconds, err := binary.ReadUvarint(d.in)
		if err != nil || nanoseconds >= uint64(time.Second) {
			return m, false, damaged(err)
		}
		m.At, m.Dated = time.Unix(seconds, int64(nanoseconds)).UTC(), true
	}
	return m, flags&flagKnown != 0, nil
}

func (d *decoder) text() (string, error) {
	length, err := binary.ReadUvarint(d.in)
	if err != nil || length > maxText {
		return "", damaged(err)
	}
	if uint64(cap(d.buf)) < length {
		d.buf = make([]byte, length)
	}
	d.buf = d.buf[:length]
	if _, err := io.ReadFull(d.in, d.buf); err != nil {
		return "", err
	}
	return string(d.buf), nil
}

// shared reads a text, or a reference to an earlier one.
func (d *decoder) shared() (string, error) {
	number, err := binary.ReadUvarint(d.in)
	switch {
	case err != nil || number > uint64(len(d.texts)):
		return "", damaged(err)
	case number > 0:
		return d.texts[number-1], nil
	}
	text, err := d.text()
	d.texts = append(d.texts, text)
	return text, err
}

// damaged replaces io.EOF within an entry: it is the end of the log only between
// entries.
func damaged(err error) error {
	if err == nil || errors.Is(err, errDamaged) {
		return errDamaged
	}
	return fmt.Errorf("%w: %w", errDamaged, err)
}
