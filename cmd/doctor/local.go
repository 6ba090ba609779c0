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

// configuration checks that the settings are valid and the profile exists.
func (e exam) configuration(context.Context) check {
	path := e.config.Path()
	err := e.wrong
	if err == nil || errors.Is(err, config.ErrReadByOthers) { // the next check reports its mode
		err = e.config.RequireProfile()
	}
	if err != nil {
		c := fault(err, "see `stockctl help environment` and `stockctl --help` for the settings")
		c.then = func(e *exam) {
			e.noAccount = "the configuration must be fixed first"
			if !e.config.IsSandbox() && !e.config.BaseURL().Origin.Explicit() {
				e.noServer = "the server is unknown without the configuration"
			}
		}
		return c
	}
	if path == "" {
		return doubtful("no folder for the configuration file: HOME is not set",
			"set HOME, or set STOCKCTL_CONFIG to a file")
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return fine("profile %s; %s does not exist yet", e.config.Profile(), path)
	}
	return fine("profile %s in %s", e.config.Profile(), path)
}

// permissions checks whether others can read or replace the configuration file.
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
		return passed("on Windows the folder of the configuration file is private")
	case err != nil:
		return broken(failure.Config, err.Error(), "check the file: `ls -ld "+failure.Arg(path)+"`")
	case !info.Mode().IsRegular():
		return doubtful(fmt.Sprintf("%s is not a regular file", path), "check the file: `ls -ld "+failure.Arg(path)+"`")
	}
	folder, err := os.Stat(filepath.Dir(path))
	if err == nil && folder.Mode().Perm()&0o022 != 0 {
		return doubtful(fmt.Sprintf("others can write to %s (mode %04o) and could replace the file", filepath.Dir(path), folder.Mode().Perm()),
			"run `chmod 700 "+failure.Arg(filepath.Dir(path))+"`")
	}
	return fine("the file has mode %04o", info.Mode().Perm())
}

// stateFolder checks whether imports, counts and transfers can store their state.
// If the folder exists, it creates a file in it and removes it.
func (e exam) stateFolder(context.Context) check {
	dir, err := e.config.StateDir()
	if err != nil {
		return broken(failure.Config, err.Error(), failure.HintOf(err))
	}
	cure := "fix it, or use another folder: `export STOCKCTL_STATE_DIR=FOLDER`"
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return e.futureFolder(dir, cure)
	case err != nil:
		return broken(failure.Config, fmt.Sprintf("%s cannot be used: %v", dir, cause(err)), cure)
	case !info.IsDir():
		return broken(failure.Config, dir+" is not a folder", cure)
	}
	if err := writable(dir); err != nil {
		return broken(failure.Config, fmt.Sprintf("%s is not writable: %v", dir, cause(err)), cure)
	}
	return fine("%s is writable", dir)
}

// writable creates a file in a folder and removes it.
func writable(dir string) error {
	trial, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(trial.Close(), os.Remove(trial.Name()))
}

// futureFolder checks whether a missing folder could be created: its closest
// existing parent must be a writable folder.
func (e exam) futureFolder(dir, cure string) check {
	for above := filepath.Dir(dir); ; above = filepath.Dir(above) {
		info, err := os.Stat(above)
		switch {
		case err == nil && info.IsDir():
			if err := writable(above); err != nil {
				return broken(failure.Config, fmt.Sprintf("%s cannot be created: %s is not writable: %v", dir, above, cause(err)), cure)
			}
			return fine("%s will be created when needed", dir)
		case err == nil:
			return broken(failure.Config, fmt.Sprintf("%s cannot be created: %s is not a folder", dir, above), cure)
		case !errors.Is(err, fs.ErrNotExist) || above == filepath.Dir(above):
			return broken(failure.Config, fmt.Sprintf("%s cannot be created: %v", dir, cause(err)), cure)
		}
	}
}

// cause returns why a file operation failed, without the file name.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
