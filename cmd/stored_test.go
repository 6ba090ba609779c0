package cmd_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Where an argument is something stored on this machine, a terminal offers a list of it.
func TestStoredThingsAreOffered(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no pty")
	}
	bin, home := build(t), t.TempDir()
	file := filepath.Join(home, "mugs.csv")
	if err := os.WriteFile(file, []byte("sku,warehouseId,initialQty\nMUG-ENAMEL,LGS-01,4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	typed(t, bin, home, "", "inventory", "import", file, "--yes")
	for range 2 {
		typed(t, bin, home, "TOTE-CANVAS\n\x04", "inventory", "count", "--scan", "--warehouse", "LGS-01")
	}
	for _, c := range []struct{ command, input, want string }{
		{"inventory import show", "1\n", "MUG-ENAMEL@LGS-01"},
		{"inventory import status", "1\n", "APPLIED    1"},
		{"inventory count show", "2\n", "(scan of LGS-01, started"},
		{"inventory count resume", "1\nTOTE-CANVAS\n\x04", "scan LGS-01|is 2"},
		{"inventory count resume --no-input", "", "error: 2 counts are unfinished: name one"},
		{"layout show", "square\n", "Stock Alert Count"},
		{"profile use", "sandbox\n", "sandbox"},
		{"inventory transfer undo", "", "hint: `stockctl inventory transfer list` lists them"},
	} {
		screen := typed(t, bin, home, c.input, strings.Fields(c.command)...)
		for want := range strings.SplitSeq(c.want, "|") {
			if !strings.Contains(screen, want) {
				t.Errorf("%s lacks %q:\n%s", c.command, want, screen)
			}
		}
	}
}
