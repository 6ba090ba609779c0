package app_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

func TestUnwritableFolders(t *testing.T) {
	r := newRun(t)
	home := r.env["HOME"]
	state, configured, cache := filepath.Join(home, "state"), filepath.Join(home, "config"), filepath.Join(home, "cache")
	r.env["STOCKCTL_STATE_DIR"], r.env["STOCKCTL_CONFIG"], r.env["XDG_CACHE_HOME"] = state, filepath.Join(configured, "config.yaml"), cache
	denied := func(path string) error {
		return fmt.Errorf("keeping the transfer: %w", &fs.PathError{Op: "mkdir", Path: path, Err: fs.ErrPermission})
	}
	for _, test := range []struct{ path, folder, cure string }{
		{state, "state folder " + state, "STOCKCTL_STATE_DIR=FOLDER"},
		{filepath.Join(state, "transfers", "tr_1"), "state folder " + state, "STOCKCTL_STATE_DIR=FOLDER"},
		{filepath.Join(configured, ".config.yaml123"), "configuration folder " + configured, "STOCKCTL_CONFIG=FILE"},
		{filepath.Join(configured, "layouts"), "configuration folder " + configured, "STOCKCTL_CONFIG=FILE"},
		{filepath.Join(cache, "stockctl", "names"), "cache folder " + filepath.Join(cache, "stockctl"), "XDG_CACHE_HOME=FOLDER"},
		{filepath.Join(os.TempDir(), "stockctl-plan-123", "plan"), "temporary folder " + os.TempDir(), "TMPDIR=FOLDER"},
	} {
		hint := "free some space or make it writable, or use another: `export " + test.cure + "`"
		for _, err := range []error{
			denied(test.path),
			failure.New(failure.Config, "writing: %w", denied(test.path)),
			&os.LinkError{Op: "rename", Old: "x", New: test.path, Err: fs.ErrPermission},
			&fs.PathError{Op: "mkdir", Path: test.path, Err: fs.ErrExist}, // below a link to nowhere
		} {
			got := r.Unwritable(err)
			if failure.KindOf(got) != failure.Config || !strings.HasPrefix(got.Error(), "the "+test.folder+" is not writable: ") || failure.HintOf(got) != hint {
				t.Errorf("%v becomes %s: %v, hint %q", err, failure.KindOf(got), got, failure.HintOf(got))
			}
		}
	}
	for _, other := range []error{
		nil,
		errors.New("another"),
		denied("/elsewhere"),
		denied(state + "2"),
		denied(filepath.Join(os.TempDir(), "report.json")),
		&fs.PathError{Op: "open", Path: state, Err: fs.ErrNotExist},
		failure.New(failure.OutcomeUnknown, "%w", denied(state)),
		failure.New(failure.Config, "%w", denied(state)).Hint("its own"),
	} {
		if got := r.Unwritable(other); got != other { //nolint:errorlint // the very same
			t.Errorf("%v becomes %v", other, got)
		}
	}
}

// Exit code 3 means that nothing was sent, so a full disk after a write is another failure.
func TestUnwritableAfterAWrite(t *testing.T) {
	r := newRun(t)
	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	r.env["STOCKCTL_BASE_URL"], r.env["STOCKCTL_TOKEN"] = web.URL, "token"
	state := filepath.Join(r.env["HOME"], "state")
	r.env["STOCKCTL_STATE_DIR"] = state
	full := fmt.Errorf("keeping what was sent: %w", &fs.PathError{Op: "write", Path: filepath.Join(state, "lines"), Err: fs.ErrPermission})
	client, err := r.Writer(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Warehouses(t.Context()); err == nil {
		t.Fatal("want an error")
	}
	if got := r.Unwritable(full); failure.KindOf(got) != failure.Config {
		t.Errorf("after a read: %s: %v", failure.KindOf(got), got)
	}
	if _, err := client.Adjust(t.Context(), "inv_1", api.Adjustment{Qty: 1, Action: api.ActionReceived}); err == nil {
		t.Fatal("want an error")
	}
	got := r.Unwritable(full)
	want := "the state folder " + state + " is not writable: " + full.Error()
	if failure.KindOf(got) != failure.Unexpected || got.Error() != want {
		t.Errorf("after a write: %s: %v, want %s", failure.KindOf(got), got, want)
	}
}
