package cmd

import (
	"fmt"
	"io"
)

// written notes the first failure of what cobra prints by itself, such as a help
// text, and does not report.
type written struct {
	io.Writer
	err error
}

func (w *written) Write(text []byte) (int, error) {
	n, err := w.Writer.Write(text)
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("writing the answer: %w", err)
	}
	return n, err
}
