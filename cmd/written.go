package cmd

import (
	"fmt"
	"io"
)

// written remembers the first error while cobra prints something, such as a help text,
// because cobra does not report it.
type written struct {
	io.Writer
	err error
}

func (w *written) Write(text []byte) (int, error) {
	n, err := w.Writer.Write(text)
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("writing the response: %w", err)
	}
	return n, err
}
