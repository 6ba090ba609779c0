package app_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/iostreams"
)

func TestSalvage(t *testing.T) {
	const good, odd = "profiles:\n  default:\n    warehouse: LGS-01\n    token: t\n", "profiles: 5\n"
	for name, test := range map[string]struct {
		file, timeout, flag string
		mode                os.FileMode
		kind                failure.Kind // of the error; blank: none
		warehouse           string       // from the file; blank if it is unusable
		variables           bool         // whether the environment is used
		lost                bool
	}{
		"nothing wrong":     {file: good, mode: 0o600, warehouse: "LGS-01", variables: true},
		"read by others":    {file: good, mode: 0o644, kind: failure.Config, warehouse: "LGS-01", variables: true},
		"broken file":       {file: odd, mode: 0o600, kind: failure.Config, variables: true},
		"wrong variable":    {file: good, mode: 0o600, timeout: "30", kind: failure.Usage},
		"both":              {file: odd, mode: 0o600, timeout: "30", kind: failure.Config},
		"others and wrong":  {file: good, mode: 0o644, timeout: "30", kind: failure.Config},
		"a flag, past help": {file: good, mode: 0o600, flag: "red", kind: failure.Usage, lost: true},
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && test.mode == 0o644 {
				t.Skip("there are no modes on Windows")
			}
			path := filepath.Join(t.TempDir(), "config.yaml")
			if err := os.WriteFile(path, []byte(test.file), test.mode); err != nil {
				t.Fatal(err)
			}
			env := map[string]string{"STOCKCTL_CONFIG": path, "STOCKCTL_TIMEOUT": test.timeout, "STOCKCTL_OUTPUT": "yaml"}
			streams, _, _, _ := iostreams.Test()
			a := app.New(streams, app.Build{})
			a.LookupEnv = func(name string) (string, bool) { v, set := env[name]; return v, set }
			a.Flags = pflag.NewFlagSet("", pflag.ContinueOnError)
			a.Flags.String("color", "", "")
			if test.flag != "" {
				if err := a.Flags.Set("color", test.flag); err != nil {
					t.Fatal(err)
				}
			}
			wrong, err := a.Salvage()
			if (wrong == nil) != (test.kind == "") || wrong != nil && failure.KindOf(wrong) != test.kind {
				t.Fatalf("what is wrong is %v", wrong)
			}
			if (err != nil) != test.lost {
				t.Fatalf("got %v, want an error: %t", err, test.lost)
			}
			if test.lost {
				return
			}
			c, err := a.Config()
			if err != nil {
				t.Fatal(err)
			}
			if got := c.Warehouse().Value; got != test.warehouse {
				t.Errorf("of the file there is %q", got)
			}
			if got := c.Output().Value == "yaml"; got != test.variables {
				t.Errorf("of the environment there is %v", got)
			}
			if c.Path() != path {
				t.Errorf("the file is %s", c.Path())
			}
			if _, err := config.Load(config.Inputs{LookupEnv: a.LookupEnv}); (err == nil) != (wrong == nil) {
				t.Errorf("the others get %v", err)
			}
		})
	}
}
