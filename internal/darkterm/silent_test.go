//go:build !windows

package darkterm_test

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// A terminal that answers no questions is asked none.
func TestSilentTerminal(t *testing.T) {
	test, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := exec.Command(test, "-test.run=^$")
	run.Env = append(os.Environ(), "TERM=xterm-256color")
	screen, err := pty.Start(run)
	if err != nil {
		t.Fatal(err)
	}
	defer screen.Close()
	shown, _ := io.ReadAll(screen) // on Linux the end of a terminal is an error
	if err := run.Wait(); err != nil {
		t.Fatalf("%v: %q", err, shown)
	}
	if !strings.Contains(string(shown), "PASS") || strings.Contains(string(shown), "\x1b") {
		t.Errorf("the terminal was shown %q", shown)
	}
}
