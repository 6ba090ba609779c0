package cmd_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/cmd"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/iostreams"
	ask "github.com/bayworks/stockctl/internal/prompt"
)

// decider answers yes or no, one question after the other.
type decider struct {
	ask.Prompter
	answers []bool
}

func (d *decider) Confirm(context.Context, string, bool) (bool, error) {
	yes := d.answers[0]
	d.answers = d.answers[1:]
	return yes, nil
}

// The editor is a command that changes the file like a person would: a mistake is shown
// with its line, and the file is not replaced until there is none.
func TestProfileEdit(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no sed")
	}
	const before = "# ours\nprofiles:\n  lagos:\n    warehouse: LGS-01\n"
	const twice = `grep -q oops "$1" && sed -i.old 's/oops.*/output: csv/' "$1" || echo '    oops: 1' >> "$1"; :`
	for name, test := range map[string]struct {
		file, editor string
		terminal     bool
		answers      []bool
		args         []string
		code         int
		says, after  string
	}{
		"saved": {
			file: before, editor: "sed -i.old s/LGS-01/ABJ-01/", terminal: true, says: "saved PATH\n",
			after: "# ours\nprofiles:\n  lagos:\n    warehouse: ABJ-01\n",
		},
		"secrets are not shown": {
			file:   "profiles:\n  lagos:\n    merchant-api-key: pk_test_1\n    token: \"a.b.c\"\n  abuja: {token: 'd', merchant-api-key: pk_test_1}\n",
			editor: `f() { grep -q "pk_test\|a[.]b\|'d'" "$1" && exit 9; sed -i.old s/lagos/harbour/ "$1"; }; f`, terminal: true, says: "saved PATH\n",
			after: "profiles:\n  harbour:\n    merchant-api-key: pk_test_1\n    token: \"a.b.c\"\n  abuja: {token: 'd', merchant-api-key: pk_test_1}\n",
		},
		"nothing changed": {file: before, editor: "true", terminal: true, says: "no changes\n", after: before},
		"given up": {
			file: before, editor: "sed -i.old s/warehouse/warehose/", terminal: true, answers: []bool{false}, code: 130,
			says: "PATH:4:5: unknown setting: a profile can have base-url, warehouse, output, email, merchant-api-key, token, store, " +
				"token-expires and confirm (did you mean warehouse?)\nerror: cancelled: PATH was not changed\n",
			after: before,
		},
		"edited again": {
			file: before, editor: "f() { " + twice + "; }; f", terminal: true, answers: []bool{true}, args: []string{"--yes"},
			says:  "PATH:5:5: unknown setting: a profile can have base-url, warehouse, output, email, merchant-api-key, token, store, token-expires and confirm\nsaved PATH\n",
			after: before + "    output: csv\n",
		},
		"wrong before": {
			file: "profiles:\n  lagos: {warehose: x}\n", editor: "sed -i.old s/warehose/warehouse/", terminal: true,
			says: "PATH:2:11: unknown setting: a profile can have base-url, warehouse, output, email, merchant-api-key, token, store, " +
				"token-expires and confirm (did you mean warehouse?)\nsaved PATH\n",
			after: "profiles:\n  lagos: {warehouse: x}\n",
		},
		"editor fails": {
			file: before, editor: "exit 3;", terminal: true, code: 3,
			says:  "error: the editor \"exit 3;\" failed with exit status 3; nothing was changed\nhint: set EDITOR to an editor, for example `export EDITOR=nano`\n",
			after: before,
		},
		"no terminal": {
			file: before, editor: "true", code: 2,
			says:  "error: profile edit needs a terminal\nhint: `stockctl profile set NAME` changes a profile without one; the file is PATH\n",
			after: before,
		},
		"bad URL": {
			file: before, editor: "sed -i.old 's|warehouse: LGS-01|base-url: http://example.com|'", terminal: true, answers: []bool{false},
			code: 130, says: "PATH:4:15: base-url: ", after: before,
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "config.yaml")
			if err := os.WriteFile(path, []byte(test.file), 0o600); err != nil {
				t.Fatal(err)
			}
			streams, _, stdout, stderr := iostreams.Test()
			streams.InTTY, streams.ErrTTY = test.terminal, test.terminal
			a := app.New(streams, app.Build{})
			a.Prompter, a.Keyring = &decider{answers: test.answers}, noKeyring{}
			env := map[string]string{"STOCKCTL_CONFIG": path, "EDITOR": test.editor, "TERM": "dumb"}
			a.LookupEnv = func(name string) (string, bool) { value, set := env[name]; return value, set }
			code := cmd.Run(t.Context(), a, append([]string{"profile", "edit"}, test.args...))
			says := strings.ReplaceAll(stderr.String(), path, "PATH")
			// The terminal breaks lines where the path ends up.
			if code != test.code || !strings.HasPrefix(oneLine(says), oneLine(test.says)) || stdout.Len() > 0 {
				t.Errorf("exit %d, stdout %q, stderr\n%s\nwant exit %d\n%s", code, stdout, says, test.code, test.says)
			}
			if after, err := os.ReadFile(path); err != nil || string(after) != test.after {
				t.Errorf("the file is\n%s\n%v", after, err)
			}
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
			if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".edit-*")); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// oneLine joins the lines of a text.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
