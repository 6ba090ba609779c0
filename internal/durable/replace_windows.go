package durable

import (
	"errors"
	"os"
	"path/filepath"
)

// Replace writes the file as a whole, or leaves it as it was. Windows has no
// modes: the folder, in the user's own profile, keeps others out.
func Replace(path string, text []byte, _ os.FileMode) (err error) {
	next, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path))
	if err != nil {
		return err
	}
	_, err = next.Write(text)
	err = errors.Join(err, next.Sync(), next.Close())
	if err == nil {
		err = os.Rename(next.Name(), path)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(next.Name()))
	}
	return err
}

// SyncFolder does nothing: Windows keeps its folders itself.
func SyncFolder(string) error { return nil }
