// Package await makes waits end that the system does not end by itself: a read
// of standard input, a pipe that nobody writes to, a keyring that does not
// answer. What was waited for is left behind, since it cannot be called back: the
// program is about to end. It decides nothing and prints nothing; every package
// may import it.
package await

import (
	"context"
	"io"
	"os"
)

// Do runs do and returns what it returns, or the cause of ctx once that ends. do
// may go on then: it must not touch what its caller still uses.
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

// Open opens a file to be read. A pipe opens when somebody writes to it, which
// may be never: the wait ends with ctx. Its reads have to go through Reader.
func Open(ctx context.Context, name string) (*os.File, error) {
	if info, err := os.Stat(name); err != nil || info.Mode().IsRegular() || info.IsDir() {
		return os.Open(name)
	}
	return Do(ctx, func() (*os.File, error) { return os.Open(name) })
}

// ReadFile reads at most a number of bytes of a file, a pipe or a device.
func ReadFile(ctx context.Context, name string, most int64) ([]byte, error) {
	in, err := Open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // only read
	return io.ReadAll(io.LimitReader(Reader(ctx, in), most))
}

// Reader returns a reader of in whose reads end with ctx. The two must not be
// used side by side.
func Reader(ctx context.Context, in io.Reader) io.Reader {
	if file, is := in.(*os.File); is {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			return in // a disk answers
		}
	}
	return &reader{ctx: ctx, in: in, got: make(chan read, 1)}
}

type read struct {
	n   int
	err error
}

// reader reads ahead into a buffer of its own: a read that is left behind must
// not write into what its caller has taken back.
type reader struct {
	ctx     context.Context
	in      io.Reader
	buffer  []byte
	rest    []byte // of what was read
	err     error  // what comes after the rest
	pending bool   // a read is under way
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
