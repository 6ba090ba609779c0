package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// The size of the terminal. It is taller than most, so that nothing scrolls away;
// unused rows at the bottom are not drawn.
const (
	columns = 80
	lines   = 60
)

// shellPrompt is the prompt of the shell.
const shellPrompt = "$"

// session is a shell in its own terminal.
type session struct {
	terminal *os.File
	changed  chan struct{} // signals output or the end of the terminal

	mu     sync.Mutex // guards the fields below
	screen *vt.Emulator
	ended  bool
}

// play types into a shell that runs in dir, and returns the screen once the text of
// the last step has appeared.
func play(ctx context.Context, dir string, env []string, keys []step) (rows [][]uv.Cell, err error) {
	ctx, cancel := context.WithCancel(ctx)
	shell := exec.CommandContext(ctx, "sh")
	shell.Dir, shell.Env = dir, env
	terminal, err := pty.StartWithSize(shell, &pty.Winsize{Rows: lines, Cols: columns})
	if err != nil {
		cancel()
		return nil, err
	}
	s := &session{terminal: terminal, changed: make(chan struct{}, 1), screen: vt.NewEmulator(columns, lines)}
	// Neither is waited for: a program that ignores the end of its terminal keeps it
	// open for as long as it runs.
	go s.show()
	go s.answer()
	defer func() {
		cancel() // kill the shell: it has nothing to save
		_ = shell.Wait()
		_ = terminal.Close() // only the screen matters
		if pipe, ok := s.screen.InputPipe().(io.Closer); ok {
			_ = pipe.Close()
		}
	}()
	for _, k := range keys {
		if err := s.see(ctx, k.at); err != nil {
			return nil, err
		}
		if _, err := io.WriteString(terminal, k.keys); err != nil {
			return nil, err
		}
	}
	rows = s.cells()
	if keys[len(keys)-1].at != shellPrompt { // ends at a question: there is no shell to wait for
		if _, err := io.WriteString(terminal, "\x03"); err != nil {
			return nil, err
		}
		err = s.see(ctx, shellPrompt)
	}
	return rows, err
}

// show copies the terminal's output to the screen until the terminal ends.
func (s *session) show() {
	buf := make([]byte, 4096)
	for {
		n, err := s.terminal.Read(buf)
		s.mu.Lock()
		_, _ = s.screen.Write(buf[:n]) // fails only once closed, which it is not
		s.ended = err != nil
		s.mu.Unlock()
		select {
		case s.changed <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// answer sends the screen's replies to queries, such as for its size or colours.
func (s *session) answer() {
	_, _ = io.Copy(s.terminal, s.screen) // ends with the terminal
}

// see waits until a line begins with a text or, for the shell's prompt, until the
// shell waits for a command.
func (s *session) see(ctx context.Context, text string) error {
	for {
		shown, ended := s.text()
		last := strings.TrimRight(shown, "\n ")
		switch {
		case text == shellPrompt:
			if last == shellPrompt || strings.HasSuffix(last, "\n"+shellPrompt) {
				return nil
			}
		case strings.Contains("\n"+shown, "\n"+text):
			return nil
		}
		if ended {
			return fmt.Errorf("the shell ended before it showed %q:\n%s", text, last)
		}
		select {
		case <-s.changed:
		case <-ctx.Done():
			return fmt.Errorf("waiting for %q: %w; the screen shows\n%s", text, ctx.Err(), last)
		}
	}
}

// text returns the current text of the screen, and whether the terminal has ended.
func (s *session) text() (shown string, ended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.screen.String(), s.ended
}

// cells returns the rows of the screen down to the last one that is not blank,
// without a prompt in that row.
func (s *session) cells() [][]uv.Cell {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rows [][]uv.Cell
	for y := range lines {
		row := make([]uv.Cell, columns)
		for x := range row {
			row[x] = *s.screen.CellAt(x, y)
		}
		rows = append(rows, row)
	}
	for len(rows) > 0 && slices.Contains([]string{"", shellPrompt}, strings.TrimSpace(plain(rows[len(rows)-1]))) {
		rows = rows[:len(rows)-1]
	}
	return rows
}

// plain returns the text of a row, one rune for each cell.
func plain(row []uv.Cell) string {
	var b strings.Builder
	for _, c := range row {
		r := ' '
		for _, r = range c.Content {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}
