package failure_test

import (
	"os/exec"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
)

// A shell must read the quoted word as exactly the value.
func TestArg(t *testing.T) {
	for value, want := range map[string]string{
		"prod_abc123@LGS-01": "prod_abc123@LGS-01", "p$(id)": "'p$(id)'", "x;touch P": "'x;touch P'", "`id`": "'`id`'",
		"it's": `'it'\''s'`, "": "''", "-rf": "'-rf'", "a b": "'a b'", "~": "'~'", "*": "'*'", "a\nb": "'a\nb'", "K&N": "'K&N'", "é": "'é'",
	} {
		if got := failure.Arg(value); got != want {
			t.Errorf("%q becomes %s, want %s", value, got, want)
		}
		if shell, err := exec.LookPath("sh"); err == nil {
			read, err := exec.CommandContext(t.Context(), shell, "-c", "printf %s "+failure.Arg(value)).Output()
			if err != nil || string(read) != value {
				t.Errorf("a shell reads %q as %q, %v", value, read, err)
			}
		}
	}
}
