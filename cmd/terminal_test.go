package cmd_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// built is the real program, built once for all tests: only the real main has the same order
// of initialisation as for users.
var built struct {
	once sync.Once
	dir  string // removed after all tests
	err  error
}

func build(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "stockctl-built"); built.err != nil {
			return
		}
		if out, err := exec.Command("go", "build", "-o", filepath.Join(built.dir, "stockctl"), "..").CombinedOutput(); err != nil {
			built.err = fmt.Errorf("building: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(built.dir, "stockctl")
}

// toItsEnd reads what a program writes to its terminal, until it ends. Linux may report the
// end before the last text has arrived, so only the second report counts.
type toItsEnd struct {
	terminal io.Reader
	over     bool
}

func (r *toItsEnd) Read(p []byte) (int, error) {
	n, err := r.terminal.Read(p)
	if err != nil && !r.over {
		r.over = true
		return r.terminal.Read(p)
	}
	return n, err
}

// The program must not query the terminal, since some terminals never respond: on
// initialisation bubbletea would query the background colour and wait five seconds for the
// response. The test detects the query by its escape byte instead of measuring time.
func TestTerminalIsNotQueried(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no pty")
	}
	bin := build(t)
	for _, args := range [][]string{{"version"}, {"--help"}, {"inventory", "list", "--profile", "sandbox", "--color", "never"}} {
		cmd := exec.CommandContext(t.Context(), bin, args...)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TERM=xterm-256color"}
		terminal, err := pty.Start(cmd)
		if err != nil {
			t.Fatal(err)
		}
		var screen bytes.Buffer
		if _, err := io.Copy(&screen, &toItsEnd{terminal: terminal}); err != nil && !errors.Is(err, syscall.EIO) {
			t.Fatal(err)
		}
		terminal.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %v\n%s", args, err, screen.String())
		}
		if strings.Contains(screen.String(), "\x1b") {
			t.Errorf("%v: the terminal got an escape sequence: %q", args, screen.String())
		}
		if screen.Len() == 0 {
			t.Errorf("%v printed nothing", args)
		}
	}
}
