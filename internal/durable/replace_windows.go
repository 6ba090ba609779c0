package durable

import (
	"errors"
	"os"
	"path/filepath"
)

// Replace writes the complete file or leaves it unchanged. Windows has no file
// modes; the folder, in the user's profile, is private.
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

// SyncFolder does nothing: Windows flushes folders itself.
func SyncFolder(string) error { return nil }
