package durable

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// New creates a file that only its owner can read. The file appears under its name once it
// is complete and on disk. If the file exists already, New leaves it unchanged and returns
// fs.ErrExist.
func New(path string, write func(io.Writer) error) (err error) {
	dir := filepath.Dir(path)
	next, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-") // mode 0600
	if err != nil {
		return err
	}
	err = errors.Join(write(next), next.Sync(), next.Close())
	if err == nil {
		err = os.Link(next.Name(), path)
		if err != nil && !errors.Is(err, fs.ErrExist) { // not every file system has links
			if _, missing := os.Lstat(path); errors.Is(missing, fs.ErrNotExist) {
				return errors.Join(os.Rename(next.Name(), path), SyncFolder(dir))
			}
		}
	}
	if err = errors.Join(err, os.Remove(next.Name())); err != nil {
		return err
	}
	return SyncFolder(dir)
}
