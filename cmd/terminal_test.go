package cmd_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// build makes the real program: only in main is the order of initialisation
// the one that users get.
func build(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "stockctl")
	if out, err := exec.Command("go", "build", "-o", bin, "..").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	return bin
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
