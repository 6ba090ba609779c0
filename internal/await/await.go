// Package await makes blocking operations cancellable: reading standard input,
// opening a pipe without a writer, asking a keyring that does not respond, or simply
// waiting. An operation that cannot be stopped is abandoned; the program is about to
// end. The package prints nothing, and every package may import it.
package await

import (
	"context"
	"io"
	"os"
)

// Do runs do and returns its result, or the cause of ctx if that ends first. do may
// then still be running, so it must not touch anything its caller uses.
func Do[T any](ctx context.Context, do func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	got := make(chan result, 1)
	if ctx.Err() == nil {
		go func() {
			value, err := do()
			got <- result{value, err}
		}()
	}
	select {
	case r := <-got:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}

// Open opens a file for reading. Opening a pipe waits for a writer, which may never
// come, so the wait ends with ctx. Use Reader to read from the file.
func Open(ctx context.Context, name string) (*os.File, error) {
	if info, err := os.Stat(name); err != nil || info.Mode().IsRegular() || info.IsDir() {
		return os.Open(name)
	}
	return Do(ctx, func() (*os.File, error) { return os.Open(name) })
}

// ReadFile reads at most the given number of bytes from a file, pipe or device.
func ReadFile(ctx context.Context, name string, most int64) ([]byte, error) {
	in, err := Open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // only read
	return io.ReadAll(io.LimitReader(Reader(ctx, in), most))
}

// Reader returns a reader of in with reads that end with ctx. From then on, in must
// not be read directly.
func Reader(ctx context.Context, in io.Reader) io.Reader {
	if file, is := in.(*os.File); is {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			return in // a disk does not block
		}
	}
	return &reader{ctx: ctx, in: in, got: make(chan read, 1)}
}

type read struct {
	n   int
	err error
}

// reader reads into its own buffer, because an abandoned read must not write to
// memory that its caller uses again.
type reader struct {
	ctx     context.Context
	in      io.Reader
	buffer  []byte
	rest    []byte // read but not yet returned
	err     error  // to return after the rest
	pending bool   // a read is in progress
	got     chan read
}

func (r *reader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 && r.err == nil {
		r.fetch()
	}
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	if len(r.rest) == 0 && n == 0 {
		return 0, r.err
	}
	return n, nil
}

func (r *reader) fetch() {
	if r.buffer == nil {
		r.buffer = make([]byte, 64<<10)
	}
	if !r.pending {
		r.pending = true
		go func() {
			n, err := r.in.Read(r.buffer)
			r.got <- read{n, err}
		}()
	}
	select {
	case <-r.ctx.Done():
	case one := <-r.got:
		r.pending, r.rest, r.err = false, r.buffer[:one.n], one.err
	}
}
