//go:build !windows

package prompt_test

import (
	"bytes"
	"errors"
	"os"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
	"golang.org/x/term"

	"github.com/bayworks/stockctl/internal/prompt"
)

// maxWait is how long a test waits for the screen: far longer than it takes, so that no
// test fails on a slow machine.
const maxWait = 20 * time.Second

// terminal is the person's side of a pseudo-terminal. It types keys, and reads what is
// drawn.
type terminal struct {
	t      *testing.T
	keys   *os.File // the person's end
	tty    *os.File // the program's end
	before *term.State

	mu    sync.Mutex
	drawn bytes.Buffer
	more  chan struct{} // signalled when more was drawn
	seen  int           // how much of the plain text see has already matched
}

func newTerminal(t *testing.T, rows uint16) *terminal {
	t.Helper()
	keys, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	if err := pty.Setsize(keys, &pty.Winsize{Rows: rows, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	keys = pollable(t, keys)
	before, err := term.GetState(int(tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	s := &terminal{t: t, keys: keys, tty: tty, before: before, more: make(chan struct{}, 1)}
	go s.read()
	t.Cleanup(func() {
		_ = keys.Close() // ends any pending reads of tty, so tty must not be closed
	})
	return s
}

// pollable returns a file whose Close ends pending reads, to simulate a terminal that
// goes away.
func pollable(t *testing.T, f *os.File) *os.File {
	t.Helper()
	fd, err := syscall.Dup(int(f.Fd()))
	if err == nil {
		err = syscall.SetNonblock(fd, true)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return os.NewFile(uintptr(fd), f.Name())
}

func (s *terminal) read() {
	buf := make([]byte, 4096)
	for {
		n, err := s.keys.Read(buf)
		s.mu.Lock()
		s.drawn.Write(buf[:n])
		s.mu.Unlock()
		select {
		case s.more <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// raw returns everything that was drawn, including escape sequences.
func (s *terminal) raw() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.drawn.String()
}

// text returns everything that was drawn, without escape sequences.
func (s *terminal) text() string { return ansi.Strip(s.raw()) }

// see waits until a text is drawn after the previous one.
func (s *terminal) see(want string) {
	s.t.Helper()
	deadline := time.After(maxWait)
	for {
		text := s.text()
		if i := strings.Index(text[s.seen:], want); i >= 0 {
			s.seen += i + len(want)
			return
		}
		select {
		case <-s.more:
		case <-deadline:
			s.t.Fatalf("never saw %q after %q, but\n%q", want, text[:s.seen], text[s.seen:])
		}
	}
}

// resize changes the width of the terminal, and notifies the program.
func (s *terminal) resize(columns uint16) {
	s.t.Helper()
	err := pty.Setsize(s.keys, &pty.Winsize{Rows: 24, Cols: columns})
	if err == nil {
		err = syscall.Kill(syscall.Getpid(), syscall.SIGWINCH)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *terminal) press(keys string) {
	s.t.Helper()
	if _, err := s.keys.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

const (
	enter  = "\r"
	ctrlC  = "\x03"
	escape = "\x1b"
	down   = "\x1b[B"
	left   = "\x1b[D"
	right  = "\x1b[C"
)

func (s *terminal) options() prompt.Options {
	return prompt.Options{In: s.tty, Out: s.tty, Width: 80, Color: true}
}

// answer is the result of a question.
type answer[T any] struct {
	value T
	err   error
}

// ask asks in the background. The result can be received when the question has ended.
func ask[T any](question func() (T, error)) <-chan answer[T] {
	done := make(chan answer[T], 1)
	go func() {
		value, err := question()
		done <- answer[T]{value, err}
	}()
	return done
}

func wait[T any](t *testing.T, done <-chan answer[T]) (T, error) {
	t.Helper()
	select {
	case a := <-done:
		return a.value, a.err
	case <-time.After(maxWait):
		t.Fatal("the question never ended")
		panic("unreachable")
	}
}

// got waits for the answer, and checks it.
func got[T comparable](t *testing.T, done <-chan answer[T], want T) {
	t.Helper()
	if value, err := wait(t, done); err != nil || value != want {
		t.Errorf("got %v, %v, want %v", value, err, want)
	}
}

// restored checks that the terminal is in its original state: its mode, its cursor, and
// how it treats pasted text.
func (s *terminal) restored() {
	s.t.Helper()
	after, err := term.GetState(int(s.tty.Fd()))
	if err != nil {
		s.t.Fatal(err)
	}
	if !reflect.DeepEqual(s.before, after) {
		s.t.Errorf("the terminal's mode is %+v, but was %+v", after, s.before)
	}
	// When this marker has arrived, so has everything before it.
	if _, err := s.tty.WriteString("[end]"); err != nil {
		s.t.Fatal(err)
	}
	s.see("[end]")
	for _, mode := range []string{"\x1b[?25", "\x1b[?2004"} { // cursor, bracketed paste
		on, off := strings.LastIndex(s.raw(), mode+"h"), strings.LastIndex(s.raw(), mode+"l")
		shown := on >= off
		if mode == "\x1b[?2004" {
			shown = off >= on
		}
		if !shown {
			s.t.Errorf("%q was not switched back: %q", mode, s.raw())
		}
	}
}
