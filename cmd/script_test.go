package cmd_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary act as stockctl, so that scripts and documents run the real
// entry point.
func TestMain(m *testing.M) {
	testscript.Main(tidied{m}, map[string]func(){
		"stockctl": func() { os.Exit(checked(os.Args[1:])) },
	})
}

// tidied removes the files that the tests built.
type tidied struct{ *testing.M }

func (m tidied) Run() int {
	// An import limits the memory of its process. The tests share one, which needs more, and
	// would spend half of their time collecting garbage.
	debug.SetGCPercent(200)
	if err := os.Setenv("GOGC", "200"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.M.Run()
	if err := os.RemoveAll(built.dir); err != nil { // "" removes nothing
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// TestScripts runs the scripts in testdata/script. Each has an empty HOME and no stockctl
// settings in its environment.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Deadline:            time.Now().Add(4 * endless),
		Setup:               newcomer,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"code": exitsWith, "same": sameText},
	})
}

func newcomer(env *testscript.Env) error {
	env.Setenv("STOCKCTL_STORE", "file") // tests must not use the developer's keyring
	schemas, err := filepath.Abs(published.folder)
	if err != nil {
		return err
	}
	env.Setenv(schemaFolder, schemas)
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"} {
		dir := filepath.Join(env.WorkDir, ".home", strings.ToLower(name))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		env.Setenv(name, dir)
	}
	return nil
}

// exitsWith runs a command that must exit with a code: `code 7 stockctl …`.
func exitsWith(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N command [args]")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit code %s, want %s\n[stdout]\n%s\n[stderr]\n%s", got, args[0], ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

// sameText compares two texts like cmp, ignoring ids and times that differ between runs:
// `same stdout want.txt`.
func sameText(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: same file1 file2")
	}
	got, want := steady(ts.ReadFile(args[0])), steady(ts.ReadFile(args[1]))
	if (got == want) == neg {
		ts.Fatalf("%s and %s differ\n[%s]\n%s\n[%s]\n%s", args[0], args[1], args[0], got, args[1], want)
	}
}

var (
	madeUpID  = regexp.MustCompile(`\b(inv|log|wh|tr|mv)_[a-z2-7]{10,}\b`)
	timeOfDay = regexp.MustCompile(`\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?`)
)

// steady replaces generated ids and times by words.
func steady(text string) string {
	return timeOfDay.ReplaceAllString(madeUpID.ReplaceAllString(text, "${1}_ID"), "TIME")
}
