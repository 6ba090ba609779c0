package workdir

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// MaxLine is the longest line that Lines reads, with what Seal adds to its text.
const MaxLine = 64 << 10

// Lines reads lines that Seal wrote, calls visit with the text of each, and returns the
// length of the whole ones. It ignores a torn last line: the process that wrote it died
// before it could act on it. Any other damage is an error, since what later lines mean
// may depend on the damaged one. name is what errors call the file.
func Lines(r io.Reader, name string, visit func(text string) error) (whole int64, err error) {
	in := bufio.NewReaderSize(r, MaxLine)
	for number := 1; ; number++ {
		line, err := in.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			return whole, nil
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return whole, fmt.Errorf("reading %s: %w", name, err)
		}
		text, sound := Unseal(bytes.TrimSuffix(line, []byte{'\n'}))
		sound = sound && err == nil // and not too long
		if !sound && last(in, line) {
			return whole, nil
		}
		if err = errors.New("its checksum does not match"); sound {
			err = visit(text)
		}
		if err != nil {
			return whole, fmt.Errorf("line %d of %s is damaged: %w", number, name, err)
		}
		whole += int64(len(line))
	}
}

// last reports whether no further line follows the one of which part was read.
func last(in *bufio.Reader, part []byte) bool {
	for !bytes.HasSuffix(part, []byte{'\n'}) {
		next, err := in.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			return true
		}
		part = next
	}
	_, err := in.Peek(1)
	return errors.Is(err, io.EOF)
}
