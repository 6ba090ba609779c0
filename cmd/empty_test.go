package cmd

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/iostreams"
)

// emptiness runs commands against a server that only counts requests.
type emptiness struct {
	home, url string
	asked     atomic.Int64
}

func newEmptiness(t *testing.T) *emptiness {
	t.Helper()
	e := &emptiness{home: t.TempDir()}
	web := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { e.asked.Add(1) }))
	t.Cleanup(web.Close)
	e.url = web.URL
	return e
}

// run returns the exit code and stderr. The environment names a default for every setting
// that an empty flag could fall back to.
func (e *emptiness) run(t *testing.T, args []string) (int, string) {
	t.Helper()
	streams, _, _, errOut := iostreams.Test()
	a := app.New(streams, app.Build{})
	env := map[string]string{
		"HOME": e.home, "STOCKCTL_STATE_DIR": e.home, "STOCKCTL_BASE_URL": e.url, "STOCKCTL_TOKEN": "token-1", "STOCKCTL_MERCHANT_API_KEY": "pk_test_1",
		"STOCKCTL_WAREHOUSE": "LGS-01", "STOCKCTL_OUTPUT": "json", "STOCKCTL_CONFIG": e.home + "/none.yaml", "STOCKCTL_WEBHOOK": "https://127.0.0.1:1/x",
	}
	a.LookupEnv = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // a server would run until then
	defer cancel()
	code := Run(ctx, a, args)
	return code, errOut.String()
}

// takesNothing are the flags that accept an empty value, which removes a setting.
func takesNothing() []string {
	return []string{"stockctl profile set --base-url", "stockctl profile set --output", "stockctl profile set --warehouse"}
}

// words returns the words of a command line up to its flags, and its arguments.
func words(c *cobra.Command) (path, args []string) {
	_, required := placeholders(c.Use)
	for range required {
		args = append(args, "x")
	}
	return strings.Fields(c.CommandPath())[1:], args
}

// An empty flag is a mistake in every command, as it may be an unset variable of a script:
// it never means that the flag was not given.
func TestNoFlagMayBeEmpty(t *testing.T) {
	e := newEmptiness(t)
	global := Tree().PersistentFlags()
	var empty []string
	count := 0
	walk(Tree(), func(c *cobra.Command) {
		if c.RunE == nil || c.HasAvailableSubCommands() {
			return
		}
		try := func(f *pflag.Flag) {
			if f.Value.Type() == "bool" {
				return
			}
			count++
			path, args := words(c)
			line := append(append(path, "--"+f.Name, ""), args...)
			code, errOut := e.run(t, line)
			if code == 2 && strings.Contains(errOut, "--"+f.Name) {
				return
			}
			if name := c.CommandPath() + " --" + f.Name; slices.Contains(takesNothing(), name) {
				empty = append(empty, name)
			} else {
				t.Errorf("%q: exit %d, want 2 and an error about --%s\n%s", line, code, f.Name, errOut)
			}
		}
		c.LocalNonPersistentFlags().VisitAll(try)
		if name := c.CommandPath(); name == "stockctl inventory list" || name == "stockctl inventory create" {
			global.VisitAll(try)
		}
	})
	if slices.Sort(empty); !slices.Equal(empty, takesNothing()) || count < 120 {
		t.Errorf("%d flags; these may be empty: %q", count, empty)
	}
	if n := e.asked.Load(); n > 0 {
		t.Errorf("the API was sent %d requests", n)
	}
}

// The same goes for arguments.
func TestNoArgumentMayBeEmpty(t *testing.T) {
	e := newEmptiness(t)
	walk(Tree(), func(c *cobra.Command) {
		path, args := words(c)
		if c.RunE == nil || c.HasAvailableSubCommands() || len(args) == 0 {
			return
		}
		args[len(args)-1] = ""
		if code, errOut := e.run(t, append(path, args...)); code != 2 || !strings.Contains(errOut, "an argument is empty") {
			t.Errorf("%q: exit %d, want 2\n%s\nwant %q in it", append(path, args...), code, errOut, "an argument is empty")
		}
	})
	if n := e.asked.Load(); n > 0 {
		t.Errorf("the API was sent %d requests", n)
	}
}

// A part of a list may not be empty either.
func TestNoPartOfAListMayBeEmpty(t *testing.T) {
	e := newEmptiness(t)
	for _, args := range [][]string{
		{"inventory", "list", "--columns", "id,,location"},
		{"inventory", "import", "x.csv", "--map", "A=productId", "--map", ""},
	} {
		if code, errOut := e.run(t, args); code != 2 || !strings.Contains(errOut, " is empty") {
			t.Errorf("%q: exit %d, want 2\n%s\nwant %q in it", args, code, errOut, " is empty")
		}
	}
}
