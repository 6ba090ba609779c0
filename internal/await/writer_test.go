package await_test

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/await"
)

// A write that has no reader ends with the context, and so do the later ones.
func TestWriterEnds(t *testing.T) {
	_, out := io.Pipe()
	ctx, end := after(t)
	w := await.Writer(ctx, out, 0)
	time.AfterFunc(0, end)
	for range 2 {
		if n, err := w.Write([]byte("text")); n != 0 || !errors.Is(err, errSignal) {
			t.Errorf("wrote %d bytes with the error %v, want none and %v", n, err, errSignal)
		}
	}
}

// Until it blocks, a writer writes, also after the context has ended: the program still
// reports what it did.
func TestWriterWrites(t *testing.T) {
	var out bytes.Buffer
	ctx, end := after(t)
	w := await.Writer(ctx, &out, time.Hour)
	for _, text := range []string{"first ", "second ", "third"} {
		if n, err := w.Write([]byte(text)); n != len(text) || err != nil {
			t.Errorf("wrote %d bytes with the error %v, want %d", n, err, len(text))
		}
		end()
	}
	if got := out.String(); got != "first second third" {
		t.Errorf("got %q, want %q", got, "first second third")
	}
	full := errors.New("full")
	w = await.Writer(ctx, failing{full}, time.Hour)
	for range 2 { // a failure is not the end
		if n, err := w.Write([]byte("text")); n != 2 || !errors.Is(err, full) {
			t.Errorf("wrote %d bytes with the error %v, want 2 and %v", n, err, full)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 2, f.err }
