//go:build !windows

package prompt

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// typedAhead returns a reader of keys that were typed before the question, and a function
// that reads from it like bubbletea. The form processes what it gets when handle is called.
func typedAhead(t *testing.T, keys string) (l *lineReader, handle func(over bool), read func() string) {
	t.Helper()
	in, typed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer typed.Close()
	t.Cleanup(func() { _ = in.Close() })
	if _, err := typed.WriteString(keys); err != nil {
		t.Fatal(err)
	}
	handled := make(chan struct{})
	l = &lineReader{File: in, ctx: t.Context(), end: func(error) {}, send: func(tea.Msg) { <-handled }}
	handle = func(over bool) {
		l.over.Store(over)
		handled <- struct{}{}
	}
	return l, handle, func() string {
		b := make([]byte, 256)
		n, err := l.Read(b)
		if errors.Is(err, io.EOF) {
			return "over"
		}
		return string(b[:n])
	}
}

// On a busy machine, a form may take long to process an Enter. What was typed after it must
// not be read before that, because the form would drop it.
func TestReadWaitsUntilTheFormHasProcessedTheKey(t *testing.T) {
	for _, key := range []string{"\r", "\n", "\x1b[Z"} {
		synctest.Test(t, func(t *testing.T) {
			l, handle, read := typedAhead(t, "LGS-01"+key+"ABJ-01\r")
			want := "LGS-01" + key
			if key == "\n" {
				want = "LGS-01\r"
			}
			if got := read(); got != want {
				t.Fatalf("read %q, want %q", got, want)
			}
			next := ask(read)
			time.Sleep(time.Hour)
			synctest.Wait()
			select {
			case got := <-next:
				t.Fatalf("read %q before the form had processed the key", got)
			default:
			}
			handle(true)
			if got := <-next; got != "over" {
				t.Errorf("read %q after the question had ended", got)
			}
			left, err := io.ReadAll(l.File)
			if err != nil || string(left) != "ABJ-01\r" {
				t.Errorf("the next question gets %q, %v", left, err)
			}
		})
	}
}

// After a key that the form refused, the next one answers the same question.
func TestReadContinuesAfterARefusedAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, handle, read := typedAhead(t, "LGS-99\rLGS-01\r")
		read()
		next := ask(read)
		synctest.Wait()
		handle(false)
		if got := <-next; got != "LGS-01\r" {
			t.Errorf("read %q", got)
		}
	})
}

// A question that its context ended reads nothing more, even if the form is gone.
func TestReadEndsWithTheContext(t *testing.T) {
	l, _, read := typedAhead(t, "LGS-01\rABJ-01\r")
	read()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l.ctx, l.send = ctx, func(tea.Msg) {}
	if got := read(); got != "over" {
		t.Errorf("read %q", got)
	}
}

// A slow line delivers the bytes of a character one after the other. The form would drop
// each that it gets alone.
func TestReadDoesNotSplitACharacter(t *testing.T) {
	in, typed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer typed.Close()
	defer in.Close()
	l := &lineReader{File: in, ctx: t.Context(), end: func(error) {}}
	for _, text := range []string{"é", "箱", "\xe9\r"} { // the last one is not UTF-8
		next := ask(func() string {
			b := make([]byte, 256)
			n, err := l.Read(b)
			if err != nil {
				t.Error(err)
			}
			return string(b[:n])
		})
		for i := range len(text) {
			time.Sleep(10 * time.Millisecond) // until the byte before was read
			if _, err := typed.WriteString(text[i : i+1]); err != nil {
				t.Fatal(err)
			}
		}
		if got := <-next; got != text {
			t.Errorf("read %q of %q", got, text)
		}
	}
}

func ask(read func() string) <-chan string {
	got := make(chan string, 1)
	go func() { got <- read() }()
	return got
}
