package cmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	adjusts = "productId,warehouseId,qty,action\nprod_abc123,LGS-01,1,RECEIVED\n"
	counted = "productId,countedQty\nprod_abc123,7\n"
)

// A folder of the program that cannot be written is exit 3 for every command that needs
// it. The message names the folder, and the hint its variable.
func TestFoldersThatCannotBeWritten(t *testing.T) {
	for _, test := range []struct {
		variable, name, folder, stdin, args string
	}{
		{"STOCKCTL_CONFIG", "config.yaml", "configuration", "", "profile set lagos --warehouse LGS-01"},
		{"STOCKCTL_CONFIG", "config.yaml", "configuration", "", "layout save mine --map A=sku"},
		{"STOCKCTL_CONFIG", "config.yaml", "configuration", "", "product barcode add 123 prod_abc123 --profile sandbox"},
		{"STOCKCTL_STATE_DIR", "", "state", "", "sandbox reset"},
		{"STOCKCTL_STATE_DIR", "", "state", "", "inventory list --profile sandbox"},
		{"STOCKCTL_STATE_DIR", "", "state", "", "inventory transfer prod_abc123 --from LGS-01 --to ABJ-01 --qty 1"},
		{"STOCKCTL_STATE_DIR", "", "state", adjusts, "inventory import - --mode adjust"},
		{"STOCKCTL_STATE_DIR", "", "state", counted, "inventory count - --warehouse LGS-01 --yes"},
		{"XDG_CACHE_HOME", "", "cache", "", "product sync"},
	} {
		t.Run(test.args, func(t *testing.T) {
			u, _ := signedIn(t)
			u.wants(t, 0, "", "inventory", "create", "--product", "prod_abc123", "--warehouse", "ABJ-01", "--initial-qty", "0")
			locked := filepath.Join(u.home, "locked")
			if test.folder == "configuration" {
				readOnly(t, locked)
			} else {
				// A file where the folder should be stops root as well.
				locked = filepath.Join(u.file(t, "locked", ""), "below")
			}
			u.env[test.variable] = filepath.Join(locked, test.name)
			u.stdin = test.stdin
			code, out, errOut := u.run(t, t.Context(), strings.Fields(test.args)...)
			if code != 3 || out != "" || !strings.HasPrefix(errOut, "error: the "+test.folder+" folder "+locked) || !strings.Contains(errOut, "`export "+test.variable+"=") {
				t.Errorf("exit %d, want 3: %s%s", code, out, errOut)
			}
		})
	}
}

// readOnly makes a folder that this user cannot write to, or skips the test.
func readOnly(t *testing.T, dir string) {
	t.Helper()
	if err := os.Mkdir(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	if trial, err := os.CreateTemp(dir, ""); err == nil {
		_ = trial.Close()
		t.Skip("this user may write anywhere")
	}
}
