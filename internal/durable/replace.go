//go:build !windows

package durable

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// Replace writes the file as a whole, or leaves it as it was. It gets the mode
// whatever the old one was, and so does what is written meanwhile, which stands
// in the same folder. When it returns nil the file and its name are on disk.
func Replace(path string, text []byte, mode os.FileMode) error {
	dir := filepath.Dir(path)
	next, err := renameio.NewPendingFile(path, renameio.WithTempDir(dir), renameio.WithStaticPermissions(mode))
	if err != nil {
		return err
	}
	// It does nothing once the file is replaced, and an earlier error tells more.
	defer func() { _ = next.Cleanup() }()
	if _, err := next.Write(text); err != nil {
		return err
	}
	if err := next.CloseAtomicallyReplace(); err != nil {
		return err
	}
	return SyncFolder(dir)
}

// SyncFolder sees the names in a folder safe on disk.
func SyncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
