package cmd_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/cmd"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/iostreams"
)

// full is a full disk.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// Output that cannot be written is a failure, no matter what prints it.
func TestAnAnswerThatIsLost(t *testing.T) {
	for _, args := range [][]string{
		{"--help"},
		{"help", "inventory"},
		{"inventory", "adjust", "--help"},
		{"help", "exit-codes"},
		{"--version"},
		{"version"},
		{"completion", "bash"},
		{"inventory", "list", "--profile", "sandbox"},
		{"inventory", "import", "template"},
	} {
		streams, _, _, errOut := iostreams.Test()
		streams.Out = full{}
		a := app.New(streams, app.Build{})
		home := t.TempDir()
		a.LookupEnv = func(name string) (string, bool) {
			if name == "XDG_CONFIG_HOME" || name == "STOCKCTL_STATE_DIR" {
				return home, true
			}
			return "", false
		}
		if code := cmd.Run(t.Context(), a, args); code != 1 || !strings.HasSuffix(errOut.String(), "no space left on device\n") {
			t.Errorf("%v: exit %d, want 1\n%s", args, code, errOut)
		}
	}
}
