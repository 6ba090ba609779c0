package await_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/bayworks/stockctl/internal/await"
)

var errSignal = errors.New("terminated")

// after returns a context and a function that ends it once the other side waits.
func after(t *testing.T) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(t.Context())
	return ctx, func() { cancel(errSignal) }
}

// A read that would block forever ends with the context.
func TestReaderEnds(t *testing.T) {
	in, out := io.Pipe()
	defer func() { _ = out.Close() }()
	ctx, end := after(t)
	r := await.Reader(ctx, in)
	go func() {
		_, _ = out.Write([]byte("first"))
		end()
	}()
	text, err := io.ReadAll(r)
	if !errors.Is(err, errSignal) || string(text) != "first" && string(text) != "" {
		t.Errorf("got %q, %v", text, err)
	}
	if _, err := r.Read(make([]byte, 1)); !errors.Is(err, errSignal) {
		t.Errorf("a read after the end: %v", err)
	}
}

func TestReaderReadsAll(t *testing.T) {
	want := strings.Repeat("0123456789", 50_000)
	for name, in := range map[string]io.Reader{
		"whole": strings.NewReader(want), "byte by byte": iotest.OneByteReader(strings.NewReader(want[:1000])), "error with the data": iotest.DataErrReader(strings.NewReader(want)),
	} {
		text, err := io.ReadAll(await.Reader(t.Context(), in))
		if err != nil || !strings.HasPrefix(want, string(text)) || len(text) < 1000 || name != "byte by byte" && len(text) != len(want) {
			t.Errorf("%s: %d bytes, %v", name, len(text), err)
		}
	}
	broken := errors.New("broken")
	if _, err := io.ReadAll(await.Reader(t.Context(), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestDo(t *testing.T) {
	ctx, end := after(t)
	started := make(chan struct{})
	go func() { <-started; end() }()
	_, err := await.Do(ctx, func() (int, error) { close(started); select {} })
	if !errors.Is(err, errSignal) {
		t.Errorf("got %v", err)
	}
	if n, err := await.Do(t.Context(), func() (int, error) { return 7, nil }); n != 7 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
}
