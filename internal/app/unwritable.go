package app

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// Unwritable adds a hint to errors that say the state folder is not writable. It
// returns any other error, or one about another file, unchanged.
func (a *App) Unwritable(err error) error {
	var path *fs.PathError
	if failure.KindOf(err) != failure.Unexpected || !errors.As(err, &path) || !forbids(path.Err) {
		return err
	}
	c, failed := a.Config()
	if failed != nil {
		return err
	}
	dir, failed := c.StateDir()
	if failed != nil || !strings.HasPrefix(path.Path, dir) && !strings.HasPrefix(dir, path.Path) {
		return err
	}
	return failure.New(failure.Config, "the state folder %s is not writable: %w", dir, err).
		Hint("use another folder: `export STOCKCTL_STATE_DIR=FOLDER`; see `stockctl doctor`")
}

// forbids reports whether an error means that a file cannot be written.
func forbids(err error) bool {
	return errors.Is(err, fs.ErrPermission) || isReadOnly(err)
}
