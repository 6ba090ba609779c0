//go:build unix

package cmd_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A signal must also end a write that has no reader.
func TestASignalEndsEveryWrite(t *testing.T) {
	t.Parallel()
	bin := build(t)
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	stuff(t, out)
	home := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), endless)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, "inventory", "create", "--profile", "sandbox", "--product", "prod_new", "--warehouse", "LGS-01", "--initial-qty", "1", "--dry-run")
	cmd.Env = []string{"HOME=" + home, "STOCKCTL_STATE_DIR=" + filepath.Join(home, "state"), "CI=1"}
	cmd.Stdout = out
	notes, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// The answer follows this note.
	for lines := bufio.NewScanner(notes); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "dry run: nothing was sent") {
			break
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the exit code is compared below
	if code := cmd.ProcessState.ExitCode(); code != 143 {
		t.Errorf("exit %d, want 143", code)
	}
}

// stuff writes to a pipe until it is full.
func stuff(t *testing.T, out *os.File) {
	t.Helper()
	raw, err := out.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) {
		block := make([]byte, 1<<10)
		for {
			if _, err := syscall.Write(int(fd), block); err != nil {
				return // EAGAIN: it is full
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
}
