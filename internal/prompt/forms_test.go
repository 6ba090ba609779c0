package prompt_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/prompt"
)

// screen is a terminal on which a form is drawn, and what was drawn so far.
type screen struct {
	t      *testing.T
	master *os.File
	prompt.Prompter

	mu    sync.Mutex
	drawn strings.Builder
	more  chan struct{}
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no pty")
	}
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t, master: master, more: make(chan struct{}, 1)}
	s.Prompter = prompt.New(prompt.Options{In: slave, Out: slave, Width: 80})
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := master.Read(buffer)
			if err != nil {
				return
			}
			s.mu.Lock()
			s.drawn.Write(buffer[:n])
			s.mu.Unlock()
			select {
			case s.more <- struct{}{}:
			default:
			}
		}
	}()
	t.Cleanup(func() {
		slave.Close()
		master.Close()
	})
	return s
}

func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.drawn.String()
}

// wait returns when the text was drawn after what the last wait saw.
func (s *screen) wait(want string) {
	s.t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		if strings.Contains(s.text(), want) {
			s.mu.Lock()
			s.drawn.Reset()
			s.mu.Unlock()
			return
		}
		select {
		case <-s.more:
		case <-deadline:
			s.t.Fatalf("%q was not drawn, only %q", want, s.text())
		}
	}
}

func (s *screen) typed(keys string) {
	s.t.Helper()
	if _, err := s.master.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// answer runs a question beside the test's typing and returns its answer.
func answer[T any](ask func() (T, error)) func() (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := ask()
		done <- result{value, err}
	}()
	return func() (T, error) {
		select {
		case r := <-done:
			return r.value, r.err
		case <-time.After(20 * time.Second):
			var none T
			return none, errors.New("the question does not end")
		}
	}
}

const (
	enter  = "\r"
	ctrlC  = "\x03"
	down   = "\x1b[B"
	right  = "\x1b[C"
	delete = "\x7f"
)

// What is wrong is told while it is typed, before Enter.
func TestFormChecksWhileTyping(t *testing.T) {
	s := newScreen(t)
	got := answer(func() (string, error) {
		return s.Input(t.Context(), prompt.Question{Title: "Code", Help: "any three", Validate: short})
	})
	s.wait("any three")
	s.typed("abcd")
	s.wait("at most 3 letters")
	s.typed(enter) // is not taken
	s.typed(delete)
	s.wait("any three")
	s.typed(enter)
	if text, err := got(); text != "abc" || err != nil {
		t.Errorf("got %q, %v", text, err)
	}
	s.wait("✓ Code: abc")
}

func TestFormOffersSuggestions(t *testing.T) {
	s := newScreen(t)
	got := answer(func() (string, error) {
		return s.Input(t.Context(), prompt.Question{Title: "Product", Suggestions: []string{"prod_abc123", "prod_phone_789"}})
	})
	s.wait("Product")
	s.typed("prod_ph")
	s.wait("one_789")
	s.typed(right)
	s.typed(enter)
	if text, err := got(); text != "prod_phone_789" || err != nil {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestFormSelect(t *testing.T) {
	choice := prompt.Choice{Title: "Warehouse", Default: "b", Options: []prompt.Option{{"LGS-01", "a"}, {"ABJ-01 \x1b[31m", "b"}, {"KAN-01", "c"}}}
	for keys, want := range map[string]string{enter: "b", down + enter: "c"} {
		s := newScreen(t)
		got := answer(func() (string, error) { return s.Select(t.Context(), choice) })
		s.wait("KAN-01")
		s.typed(keys)
		if value, err := got(); value != want || err != nil {
			t.Errorf("%q: got %q, %v; want %q", keys, value, err, want)
		}
	}

	s := newScreen(t)
	got := answer(func() (string, error) { return s.Select(t.Context(), choice) })
	s.wait("filter")
	s.typed("/")
	s.wait("set filter")
	s.typed("lgs")
	s.wait("lgs")
	s.typed(enter)
	if value, err := got(); value != "a" || err != nil {
		t.Errorf("filtered: got %q, %v; want %q", value, err, "a")
	}
}

func TestFormConfirm(t *testing.T) {
	for keys, want := range map[string]bool{"y": true, "n": false, enter: false} {
		s := newScreen(t)
		got := answer(func() (bool, error) { return s.Confirm(t.Context(), "Create it?", false) })
		s.wait("Create it?")
		s.typed(keys)
		if yes, err := got(); yes != want || err != nil {
			t.Errorf("%q: got %t, %v; want %t", keys, yes, err, want)
		}
	}
}

// A secret is on the screen neither while it is typed nor after.
func TestFormHidesSecrets(t *testing.T) {
	s := newScreen(t)
	got := answer(func() (string, error) { return s.Secret(t.Context(), prompt.Question{Title: "Password"}) })
	s.wait("Password")
	s.typed("hunter2")
	s.wait("*******")
	s.typed(enter)
	if text, err := got(); text != "hunter2" || err != nil {
		t.Errorf("got %q, %v", text, err)
	}
	if strings.Contains(s.text(), "hunter") {
		t.Errorf("the secret is on the screen: %q", s.text())
	}
}

// Ctrl-C and the end of the context end a question without an answer, and give
// the cursor back.
func TestFormIsEnded(t *testing.T) {
	s := newScreen(t)
	got := answer(func() (bool, error) { return s.Confirm(t.Context(), "Create it?", true) })
	s.wait("Create it?")
	s.typed(ctrlC)
	if yes, err := got(); yes || !errors.Is(err, failure.ErrCancelled) {
		t.Errorf("Ctrl-C: got %t, %v", yes, err)
	}
	s.wait("\x1b[?25h")

	s = newScreen(t)
	why := errors.New("terminated by the test")
	ctx, cancel := context.WithCancelCause(t.Context())
	got = answer(func() (bool, error) { return s.Confirm(ctx, "Create it?", true) })
	s.wait("Create it?")
	cancel(why)
	if yes, err := got(); yes || !errors.Is(err, why) {
		t.Errorf("an ended context: got %t, %v", yes, err)
	}
	s.wait("\x1b[?25h")
}
