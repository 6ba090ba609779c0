package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
)

// configuration tells whether the settings can be used, and the profile exists.
func (e exam) configuration(context.Context) check {
	path := e.config.Path()
	err := e.wrong
	if err == nil || errors.Is(err, config.ErrReadByOthers) { // its mode is the next check's
		err = e.config.RequireProfile()
	}
	if err != nil {
		c := fault(err, "mend it: `stockctl help environment` and `stockctl --help` list what may be set")
		c.then = func(e *exam) {
			e.noAccount = "the configuration must be mended first"
			if !e.config.IsSandbox() && !e.config.BaseURL().Origin.Explicit() {
				e.noServer = "without the configuration it is not known which server is meant"
			}
		}
		return c
	}
	if path == "" {
		return doubtful("there is no place for the configuration file: HOME is not set",
			"set HOME, or name a file with STOCKCTL_CONFIG")
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return fine("profile %s; there is no file %s yet", e.config.Profile(), path)
	}
	return fine("profile %s, of %s", e.config.Profile(), path)
}

// permissions tells whether others can read or replace the configuration file.
func (e exam) permissions(context.Context) check {
	if errors.Is(e.wrong, config.ErrReadByOthers) {
		return broken(failure.Config, e.wrong.Error(), failure.HintOf(e.wrong))
	}
	path := e.config.Path()
	info, err := os.Stat(path)
	switch {
	case path == "" || errors.Is(err, fs.ErrNotExist):
		return passed("there is no configuration file")
	case runtime.GOOS == "windows":
		return passed("Windows keeps the folder of the configuration file to you")
	case err != nil:
		return broken(failure.Config, err.Error(), "see what stands there: `ls -ld "+failure.Arg(path)+"`")
	case !info.Mode().IsRegular():
		return doubtful(fmt.Sprintf("%s is no plain file", path), "see what stands there: `ls -ld "+failure.Arg(path)+"`")
	}
	folder, err := os.Stat(filepath.Dir(path))
	if err == nil && folder.Mode().Perm()&0o022 != 0 {
		return doubtful(fmt.Sprintf("others can write in %s (mode %04o), and so replace the file", filepath.Dir(path), folder.Mode().Perm()),
			"run `chmod 700 "+failure.Arg(filepath.Dir(path))+"`")
	}
	return fine("the file has mode %04o", info.Mode().Perm())
}

// stateFolder tells whether runs of imports, counts and transfers can be kept.
// Where the folder is there, a file is made in it and removed.
func (e exam) stateFolder(context.Context) check {
	dir, err := e.config.StateDir()
	if err != nil {
		return broken(failure.Config, err.Error(), failure.HintOf(err))
	}
	cure := "mend it, or name another folder: `export STOCKCTL_STATE_DIR=FOLDER`"
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return e.futureFolder(dir, cure)
	case err != nil:
		return broken(failure.Config, fmt.Sprintf("%s cannot be used: %v", dir, cause(err)), cure)
	case !info.IsDir():
		return broken(failure.Config, dir+" is no folder", cure)
	}
	if err := writable(dir); err != nil {
		return broken(failure.Config, fmt.Sprintf("nothing can be written in %s: %v", dir, cause(err)), cure)
	}
	return fine("%s can be written", dir)
}

// writable makes a file in a folder and removes it.
func writable(dir string) error {
	trial, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(trial.Close(), os.Remove(trial.Name()))
}

// futureFolder tells whether a folder that is not there could be made: whether
// the first one above it that exists is a folder.
func (e exam) futureFolder(dir, cure string) check {
	for above := filepath.Dir(dir); ; above = filepath.Dir(above) {
		info, err := os.Stat(above)
		switch {
		case err == nil && info.IsDir():
			if err := writable(above); err != nil {
				return broken(failure.Config, fmt.Sprintf("%s cannot be made: nothing can be written in %s: %v", dir, above, cause(err)), cure)
			}
			return fine("%s is made when it is needed", dir)
		case err == nil:
			return broken(failure.Config, fmt.Sprintf("%s cannot be made: %s is no folder", dir, above), cure)
		case !errors.Is(err, fs.ErrNotExist) || above == filepath.Dir(above):
			return broken(failure.Config, fmt.Sprintf("%s cannot be made: %v", dir, cause(err)), cure)
		}
	}
}

// cause is why a file could not be used, without its name.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
