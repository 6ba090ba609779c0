//go:build !windows

package prompt_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/prompt"
)

// questions asks one question of each kind, and returns only how it ended.
func questions(p prompt.Prompter) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"input":   func(ctx context.Context) error { _, err := p.Input(ctx, code()); return err },
		"secret":  func(ctx context.Context) error { _, err := p.Secret(ctx, code()); return err },
		"select":  func(ctx context.Context) error { _, err := p.Select(ctx, warehouses()); return err },
		"confirm": func(ctx context.Context) error { _, err := p.Confirm(ctx, "Code?", true); return err },
	}
}

func title(kind string) string {
	if kind == "select" {
		return "Warehouse"
	}
	return "Code"
}

func TestQuestionsEndWithTheirContext(t *testing.T) {
	for _, accessible := range []bool{false, true} {
		name := map[bool]string{false: "form ", true: "lines "}[accessible]
		for kind := range questions(nil) {
			t.Run(name+kind+" by Ctrl-C", func(t *testing.T) {
				if accessible && kind != "secret" {
					return // there, Ctrl-C is a signal that ends the context
				}
				s := newTerminal(t, 24)
				o := s.options()
				o.Accessible = accessible
				question := questions(prompt.New(o))[kind]
				done := ask(func() (bool, error) { return false, question(t.Context()) })
				s.see(title(kind))
				s.press(ctrlC)
				if _, err := wait(t, done); !errors.Is(err, failure.ErrCancelled) {
					t.Errorf("got %v, want ErrCancelled", err)
				}
				s.restored()
				if strings.Contains(s.text(), "✓") {
					t.Errorf("a cancelled question looks answered: %q", s.text())
				}
			})
			t.Run(name+kind+" by its context", func(t *testing.T) {
				s := newTerminal(t, 24)
				o := s.options()
				o.Accessible = accessible
				ctx, cancel := context.WithCancelCause(t.Context())
				question := questions(prompt.New(o))[kind]
				done := ask(func() (bool, error) { return false, question(ctx) })
				s.see(title(kind))
				stopped := errors.New("stopped")
				cancel(stopped)
				if _, err := wait(t, done); !errors.Is(err, stopped) {
					t.Errorf("got %v, want the cause", err)
				}
				s.restored()
				if err := question(ctx); !errors.Is(err, stopped) {
					t.Errorf("asked again: %v", err)
				}
			})
			t.Run(name+kind+" by a hangup", func(t *testing.T) {
				s := newTerminal(t, 24)
				o := s.options()
				o.Accessible = accessible
				question := questions(prompt.New(o))[kind]
				done := ask(func() (bool, error) { return false, question(t.Context()) })
				s.see(title(kind))
				if err := s.keys.Close(); err != nil {
					t.Fatal(err)
				}
				if _, err := wait(t, done); err == nil {
					t.Error("the question was answered after the terminal went away")
				}
			})
		}
	}
}

// lateTyper is a terminal on which one line arrives after its question has ended.
type lateTyper struct {
	started chan struct{}
	line    chan string
	once    sync.Once
}

func (l *lateTyper) Read(b []byte) (int, error) {
	first := false
	l.once.Do(func() { first = true })
	if !first {
		return 0, io.EOF
	}
	close(l.started)
	return copy(b, <-l.line), nil
}

// A line that is typed after its question has ended answers the next one.
func TestLinesTypedLate(t *testing.T) {
	in := &lateTyper{started: make(chan struct{}), line: make(chan string, 1)}
	p := prompt.New(prompt.Options{In: in, Out: io.Discard, Accessible: true})
	ctx, cancel := context.WithCancel(t.Context())
	first := ask(func() (string, error) { return p.Input(ctx, prompt.Question{Title: "First"}) })
	<-in.started
	cancel()
	if _, err := wait(t, first); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	second := ask(func() (string, error) { return p.Input(t.Context(), prompt.Question{Title: "Second"}) })
	in.line <- "late\n"
	got(t, second, "late")
}

// A terminal does not show a secret, and echoes again afterwards.
func TestLinesSecretOnTerminal(t *testing.T) {
	s := newTerminal(t, 24)
	o := s.options()
	o.Accessible = true
	p := prompt.New(o)
	done := ask(func() (string, error) { return p.Secret(t.Context(), prompt.Question{Title: "Password"}) })
	s.see("Password: ")
	s.press("hunter2\n")
	got(t, done, "hunter2")
	s.restored()
	if strings.Contains(s.text(), "hunter") {
		t.Errorf("the secret is on the screen: %q", s.text())
	}
}

// What is typed after a secret answers the next question: it is neither read with the secret
// nor joined to the next line.
func TestLinesTypedAheadOfSecrets(t *testing.T) {
	s := newTerminal(t, 24)
	o := s.options()
	o.Accessible = true
	p := prompt.New(o)
	first := ask(func() (string, error) { return p.Secret(t.Context(), prompt.Question{Title: "Password"}) })
	s.see("Password: ")
	s.press("hunter2\rpk_test_1\rLGS-01\rABJ-01\r")
	got(t, first, "hunter2")
	got(t, ask(func() (string, error) { return p.Secret(t.Context(), prompt.Question{Title: "Key"}) }), "pk_test_1")
	got(t, ask(func() (string, error) { return p.Input(t.Context(), prompt.Question{Title: "From"}) }), "LGS-01")
	got(t, ask(func() (string, error) { return p.Input(t.Context(), prompt.Question{Title: "To"}) }), "ABJ-01")
	s.restored()
}
