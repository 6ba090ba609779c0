package cmd_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// Three hundred codes pasted into a terminal are all counted, and a window that
// is closed before "done" leaves them to be resumed.
func TestPastedScansAreAllCounted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no pty")
	}
	bin, home := build(t), t.TempDir()
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TERM=dumb", "ACCESSIBLE=1", "STOCKCTL_PROFILE=sandbox"}
	play := func(input string, args ...string) string {
		cmd := exec.CommandContext(t.Context(), bin, args...)
		cmd.Env = env
		terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
		if err != nil {
			t.Fatal(err)
		}
		defer terminal.Close()
		go func() { _, _ = io.WriteString(terminal, input) }()
		var screen bytes.Buffer
		_, _ = io.Copy(&screen, terminal) // ends with EIO when the program does
		_ = cmd.Wait()                    // the screen tells
		return screen.String()
	}
	scans := strings.Repeat("PHONE-RED-256\n", 300)
	if screen := play(scans+"\x04", "inventory", "count", "--scan", "--warehouse", "LGS-01"); !strings.Contains(screen, "prod_phone_789/sku_red_256gb is 300") || !strings.Contains(screen, "stockctl inventory count resume") {
		t.Fatalf("the first window shows\n%s", screen)
	}
	screen := play("PHONE-RED-256\ndone\n", "inventory", "count", "resume", "--yes")
	for _, want := range []string{"1 items, 300 scans so far", "is 301", "adjusted"} {
		if !strings.Contains(screen, want) {
			t.Errorf("the second window lacks %q:\n%s", want, screen)
		}
	}
	cmd := exec.CommandContext(t.Context(), bin, "inventory", "get", "prod_phone_789/sku_red_256gb@LGS-01", "--jq", ".onHandQty")
	cmd.Env = env
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "301\n" {
		t.Errorf("on hand is %s (%v)", out, err)
	}
}
