package app_test

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
)

func TestUnwritableStateFolder(t *testing.T) {
	r := newRun(t)
	state := filepath.Join(r.env["HOME"], "state")
	r.env["STOCKCTL_STATE_DIR"] = state
	denied := func(path string, why error) error {
		return fmt.Errorf("keeping the transfer: %w", &fs.PathError{Op: "mkdir", Path: path, Err: why})
	}
	for _, path := range []string{state, filepath.Join(state, "transfers"), r.env["HOME"]} {
		err := r.Unwritable(denied(path, fs.ErrPermission))
		if failure.KindOf(err) != failure.Config || !strings.Contains(err.Error(), "the state folder "+state) || !strings.Contains(failure.HintOf(err), "STOCKCTL_STATE_DIR") {
			t.Errorf("%s: %s: %v, hint %q", path, failure.KindOf(err), err, failure.HintOf(err))
		}
	}
	for _, other := range []error{
		nil, errors.New("another"), denied("/elsewhere", fs.ErrPermission), denied(state, fs.ErrNotExist), failure.New(failure.OutcomeUnknown, "%w", denied(state, fs.ErrPermission)),
	} {
		if got := r.Unwritable(other); !errors.Is(got, other) || other != nil && got.Error() != other.Error() {
			t.Errorf("%v becomes %v", other, got)
		}
	}
}
