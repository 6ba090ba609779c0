package cmd_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// systemd accepts the unit files of the examples.
func TestUnitFiles(t *testing.T) {
	verifier, err := exec.LookPath("systemd-analyze") //nolint:misspell // its name
	if err != nil {
		t.Skip("systemd is not installed")
	}
	dir := t.TempDir()
	for _, name := range []string{"stockctl-sales.service", "stockctl-sales.timer"} {
		text, err := os.ReadFile(filepath.Join("..", "docs", "examples", name))
		if err != nil {
			t.Fatal(err)
		}
		// systemd refuses a program that does not exist.
		text = bytes.ReplaceAll(text, []byte("/usr/local/bin/book-sales.sh"), []byte("/bin/sh"))
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.CommandContext(t.Context(), verifier, "verify", filepath.Join(dir, "stockctl-sales.service"), filepath.Join(dir, "stockctl-sales.timer")).CombinedOutput()
	if err != nil || strings.Contains(string(out), dir) {
		t.Errorf("%v\n%s", err, out)
	}
}

// The script in the guide is the one in the examples.
func TestScheduledScript(t *testing.T) {
	script, err := os.ReadFile("../docs/examples/book-sales.sh")
	if err != nil {
		t.Fatal(err)
	}
	guide, err := os.ReadFile("../docs/scheduled-jobs.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(guide, append([]byte("# file: book-sales.sh\n"), script...)) {
		t.Error("docs/scheduled-jobs.md does not show docs/examples/book-sales.sh as it is")
	}
}

// The composite action starts a sandbox that the next step can use.
func TestCompositeAction(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the examples run on Linux")
	}
	var action struct {
		Runs struct {
			Using string
			Steps []struct {
				Shell, Run string
				Env        map[string]string
			}
		}
	}
	readExample(t, "setup-stockctl.yml", &action)
	steps := action.Runs.Steps
	if action.Runs.Using != "composite" || len(steps) != 2 || steps[0].Run != `go install "github.com/bayworks/stockctl@$VERSION"` {
		t.Fatalf("the action is %+v", action)
	}
	j := newJob(t, map[string]string{"START": "", "ADDR": "127.0.0.1:0"})
	j.step(t, steps[1].Run, "-eo", "pipefail")
	j.step(t, `test "$(stockctl inventory get TOTE-CANVAS@LGS-01 --jq .onHandQty)" = 120`, "-e")
}
