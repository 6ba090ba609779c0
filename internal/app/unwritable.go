package app

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// Unwritable names the cure for a state folder in which nothing can be written.
// Errors of another kind, or about another file, stay as they are.
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
	return failure.New(failure.Config, "nothing can be written in the state folder %s: %w", dir, err).
		Hint("name a folder that can: `export STOCKCTL_STATE_DIR=FOLDER`; see `stockctl doctor`")
}

// forbids tells of what a system says that lets nothing be written.
func forbids(err error) bool {
	return errors.Is(err, fs.ErrPermission) || isReadOnly(err)
}
