package await_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/bayworks/stockctl/internal/await"
)

var errSignal = errors.New("terminated")

// after returns a context and a function that ends it once the other side waits.
func after(t *testing.T) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(t.Context())
	return ctx, func() { cancel(errSignal) }
}

// ends fails the test if an operation does not return soon after its context ends.
func ends[T any](t *testing.T, do func() (T, error)) (value T, err error) {
	t.Helper()
	done := make(chan struct{})
	var got T
	go func() {
		defer close(done)
		got, err = do()
	}()
	select {
	case <-done:
		return got, err
	case <-time.After(20 * time.Second):
		t.Fatal("it goes on after the end of its context")
		return value, nil
	}
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
	text, err := ends(t, func() ([]byte, error) { return io.ReadAll(r) })
	if !errors.Is(err, errSignal) || string(text) != "first" && string(text) != "" {
		t.Errorf("got %q and the error %v, want %v after first", text, err, errSignal)
	}
	if _, err := ends(t, func() (int, error) { return r.Read(make([]byte, 1)) }); !errors.Is(err, errSignal) {
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
		t.Errorf("got %v, want %v", err, broken)
	}
}

func TestDo(t *testing.T) {
	ctx, end := after(t)
	started := make(chan struct{})
	go func() { <-started; end() }()
	_, err := ends(t, func() (int, error) {
		return await.Do(ctx, func() (int, error) { close(started); select {} })
	})
	if !errors.Is(err, errSignal) {
		t.Errorf("got %v, want %v", err, errSignal)
	}
	if n, err := await.Do(t.Context(), func() (int, error) { return 7, nil }); n != 7 || err != nil {
		t.Errorf("got %d and the error %v, want 7", n, err)
	}
}

func TestSleep(t *testing.T) {
	ctx, end := after(t)
	go end()
	if _, err := ends(t, func() (int, error) { return 0, await.Sleep(ctx, time.Hour) }); !errors.Is(err, errSignal) {
		t.Errorf("got %v, want %v", err, errSignal)
	}
	if err := await.Sleep(t.Context(), time.Millisecond); err != nil {
		t.Errorf("got %v, want no error", err)
	}
}
