package cmd_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// counter returns the environment for counting in the sandbox.
func counter(home string) []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TERM=dumb", "ACCESSIBLE=1", "STOCKCTL_PROFILE=sandbox"}
}

// typed runs the program in its own terminal, types the input and returns the output.
func typed(t *testing.T, bin, home, input string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), bin, args...)
	cmd.Env = counter(home)
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	go func() { _, _ = io.WriteString(terminal, input) }()
	var screen bytes.Buffer
	_, _ = io.Copy(&screen, &toItsEnd{terminal: terminal}) // ends with EIO when the program ends
	_ = cmd.Wait()                                         // the screen shows the result
	return screen.String()
}

// Scans after "done" can answer which item a code belongs to, but never confirm it.
func TestAScannerAddsNoBarcodes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no pty")
	}
	bin, home := build(t), t.TempDir()
	barcodes := func() string {
		var all []byte
		for _, folder := range []string{".config", "Library/Application Support"} {
			files, err := filepath.Glob(filepath.Join(home, folder, "stockctl", "barcodes*.csv"))
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range files {
				text, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, text...)
			}
		}
		return string(all)
	}
	screen := typed(t, bin, home, "5099999999999\ndone\nprod_abc123\nPHONE-RED-256\nno\n\n", "inventory", "count", "--scan", "--warehouse", "LGS-01")
	if !strings.Contains(screen, "Save 5099999999999 as a barcode of prod_abc123?") {
		t.Errorf("the screen shows\n%s", screen)
	}
	if !strings.Contains(screen, "answer yes or no") {
		t.Errorf("the second scan was an answer:\n%s", screen)
	}
	if text := barcodes(); text != "" {
		t.Errorf("the barcode file has %q, want it empty", text)
	}
	screen = typed(t, bin, home, "5099999999999\ndone\nprod_abc123\nyes\nno\n", "inventory", "count", "--scan", "--warehouse", "LGS-01")
	if text := barcodes(); text != "barcode,item\n5099999999999,prod_abc123\n" {
		t.Errorf("remembered: %s\n%s", text, screen)
	}
}

// Three hundred codes pasted into a terminal are all counted, and if the window is
// closed before "done", the count can be resumed.
func TestPastedScansAreAllCounted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no pty")
	}
	bin, home := build(t), t.TempDir()
	play := func(input string, args ...string) string { return typed(t, bin, home, input, args...) }
	scans := strings.Repeat("PHONE-RED-256\n", 300)
	screen := play(scans+"\x04", "inventory", "count", "--scan", "--warehouse", "LGS-01")
	if !strings.Contains(screen, "PHONE-RED-256  Aurora Phone is 300") || !strings.Contains(screen, "stockctl inventory count resume") {
		t.Fatalf("the first window shows\n%s", screen)
	}
	screen = play("PHONE-RED-256\ndone\n", "inventory", "count", "resume", "--yes")
	for _, want := range []string{"1 item, 300 scans so far", "is 301", "adjusted"} {
		if !strings.Contains(screen, want) {
			t.Errorf("the second window lacks %q:\n%s", want, screen)
		}
	}
	cmd := exec.CommandContext(t.Context(), bin, "inventory", "get", "prod_phone_789/sku_red_256gb@LGS-01", "--jq", ".onHandQty")
	cmd.Env = counter(home)
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "301\n" {
		t.Errorf("on hand is %s (%v)", out, err)
	}
}
