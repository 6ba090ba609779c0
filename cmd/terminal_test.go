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

// built is the real program, made once for all tests: only in main is the order
// of initialisation the one that users get.
var built struct {
	once sync.Once
	dir  string // removed when all tests have ended
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

// A terminal that never answers a query must not hold the program up, and must
// not be asked: bubbletea asks for the background colour when it initialises,
// and waits five seconds for the answer. The escape byte is what shows it; no
// clock is read.
func TestSilentTerminalIsNotAsked(t *testing.T) {
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
		if _, err := io.Copy(&screen, terminal); err != nil && !errors.Is(err, syscall.EIO) {
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
