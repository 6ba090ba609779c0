package await

import (
	"bytes"
	"context"
	"io"
	"time"
)

// Writer returns a writer to out that does not outlive ctx: once ctx has ended, a write that
// is still blocked after grace is given up, and so is every later one. A full pipe
// blocks until it is read. From then on, out must not be written to directly.
func Writer(ctx context.Context, out io.Writer, grace time.Duration) io.Writer {
	return &writer{ctx: ctx, out: out, grace: grace}
}

type writer struct {
	ctx   context.Context
	out   io.Writer
	grace time.Duration
	stuck error // why it was given up
}

func (w *writer) Write(p []byte) (int, error) {
	if w.stuck != nil {
		return 0, w.stuck
	}
	text := bytes.Clone(p) // an abandoned write must not read what its caller uses again
	late, end := context.WithCancelCause(context.WithoutCancel(w.ctx))
	defer end(nil)
	stop := context.AfterFunc(w.ctx, func() {
		time.AfterFunc(w.grace, func() { end(context.Cause(w.ctx)) })
	})
	defer stop()
	type result struct {
		n   int
		err error
	}
	got, err := Do(late, func() (result, error) {
		n, err := w.out.Write(text)
		return result{n, err}, nil
	})
	if w.stuck = err; err != nil {
		return 0, err
	}
	return got.n, got.err
}
