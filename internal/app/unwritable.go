package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
)

// folder is a folder of this program, with the way to use another one.
type folder struct{ name, dir, cure string }

// Unwritable explains an error that says that a folder of this program cannot be
// written: which one, why, and how to use another. It returns any other error, or one
// about another file, unchanged. After a write was sent the kind and the whole error
// stay, because Config means that nothing was sent.
func (a *App) Unwritable(err error) error {
	path, why := denial(err)
	kind := failure.KindOf(err)
	if why == nil || failure.HintOf(err) != "" || kind != failure.Unexpected && kind != failure.Config {
		return err
	}
	c, failed := a.Config()
	if failed != nil {
		return err
	}
	for _, f := range folders(c) {
		if !f.has(path) {
			continue
		}
		if !a.sent.Load() {
			kind, err = failure.Config, why
		}
		return failure.New(kind, "the %s folder %s is not writable: %w", f.name, f.dir, err).
			Hint("free some space or make it writable, or use another: `export %s`", f.cure)
	}
	return err
}

// folders returns where this program writes unless the user names a file. On some
// systems the configuration and the state share a folder.
func folders(c *config.Config) []folder {
	var all []folder
	if file := c.Path(); file != "" {
		all = append(all, folder{"configuration", filepath.Dir(file), "STOCKCTL_CONFIG=FILE"})
		if target, err := filepath.EvalSymlinks(file); err == nil {
			all = append(all, folder{"configuration", filepath.Dir(target), "STOCKCTL_CONFIG=FILE"})
		}
	}
	if dir, err := c.StateDir(); err == nil {
		all = append(all, folder{"state", dir, "STOCKCTL_STATE_DIR=FOLDER"})
	}
	if dir, err := c.CacheDir(); err == nil {
		all = append(all, folder{"cache", dir, "XDG_CACHE_HOME=FOLDER"})
	}
	return append(all, folder{temporary, os.TempDir(), "TMPDIR=FOLDER"})
}

// temporary names the system's folder for temporary files, in which only those that
// begin with stockctl- are ours.
const temporary = "temporary"

// has reports whether a path is the folder or one of our files in it.
func (f folder) has(path string) bool {
	dir, err := filepath.Abs(f.dir)
	if err != nil {
		return false
	}
	if path, err = filepath.Abs(path); err != nil {
		return false
	}
	inside, err := filepath.Rel(dir, path)
	if f.name == temporary {
		return err == nil && strings.HasPrefix(inside, "stockctl-")
	}
	return err == nil && filepath.IsLocal(inside)
}

// denial returns the file that could not be written and the reason, or nil for any
// other error.
func denial(err error) (path string, why error) {
	var at *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &at):
		path, why = at.Path, at.Err
	case errors.As(err, &link):
		path, why = link.New, link.Err
	}
	if errors.Is(why, fs.ErrPermission) || isUnwritable(why) || at != nil && at.Op == "mkdir" {
		return path, why
	}
	return "", nil
}
