package cmd_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// On a terminal, commands prompt for missing arguments, which can be given by code.
// Mistakes are reported before the next prompt.
func TestPromptsForMissingArguments(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no pty")
	}
	bin, home := build(t), t.TempDir()
	file := filepath.Join(home, "rows.csv")
	if err := os.WriteFile(file, []byte("productId,warehouseId,initialQty\nprod_abc123,LGS-01,120\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, typed, want string }{
		{"inventory get", "PHONE-RED-25\nPHONE-RED-256\n", "PHONE-RED"},
		{"product get", "prod_phone_789\n", "VARIABLE"},
		{"warehouse get", "1\n", "Lagos"},
		{"inventory adjust --qty 5 --action received", "PHONE-RED-256@LGS-01\n", "adjusted PHONE-RED-256@LGS-01 by +5 (RECEIVED)"},
		{"inventory adjust --action received", "PHONE-RED-256@LGS-01\n5\ny\n", "adjusted PHONE-RED-256@LGS-01 by +5 (RECEIVED), on hand"},
		{"inventory reserve", "PHONE-RED-128@LGS-01\n2\nn\n1\nTOTE-CANVAS@LGS-01\n\ny\n", "reserved 2 at TOTE-CANVAS@LGS-01"},
		{"inventory reserve --qty 1", "PHONE-RED-256@LGS-01\n", "reserved 1 at PHONE-RED-256@LGS-01"},
		{"inventory release --qty 1", "TOTE-CANVAS\n", "released 1 at TOTE-CANVAS@LGS-01, reserved 2 → 1"},
		{"inventory transfer --from LGS-01 --to ABJ-01 --qty 1", "prod_abc123\n", "no inventory record for prod_abc123@ABJ-01"},
		{"inventory import --dry-run", "nothing.csv\n" + file + "\n", "there is no such file"},
		{"warehouse create", "Kano Depot\nKAN-01\n\n\nn\n2\nKAN-02\ny\n", "created warehouse KAN-02"},
	} {
		t.Run(c.args, func(t *testing.T) {
			if screen := typed(t, bin, home, c.typed, strings.Fields(c.args)...); !strings.Contains(screen, c.want) {
				t.Errorf("the screen lacks %q:\n%s", c.want, screen)
			}
		})
	}
}
