package workdir

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// MaxLine is the maximum length of a line that Lines reads, including what Seal adds.
const MaxLine = 64 << 10

// Lines reads lines written by Seal, calls visit with the text of each, and returns the
// length of the complete ones. It ignores a torn last line, because the process that
// wrote it died before acting on it. Any other damage is an error, because the meaning
// of later lines may depend on the damaged one. Errors name the file as name.
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

// last reports whether the line that was partly read is the last one.
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
