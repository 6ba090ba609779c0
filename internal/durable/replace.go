//go:build !windows

package durable

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// Replace writes the complete file or leaves it unchanged. The file gets the given
// mode even if it existed with another, as does the temporary file in the same
// folder. When Replace returns nil, the file and its name are on disk.
func Replace(path string, text []byte, mode os.FileMode) error {
	dir := filepath.Dir(path)
	next, err := renameio.NewPendingFile(path, renameio.WithTempDir(dir), renameio.WithStaticPermissions(mode))
	if err != nil {
		return err
	}
	// Does nothing after the replacement; before it, the other error matters more.
	defer func() { _ = next.Cleanup() }()
	if _, err := next.Write(text); err != nil {
		return err
	}
	if err := next.CloseAtomicallyReplace(); err != nil {
		return err
	}
	return SyncFolder(dir)
}

// SyncFolder flushes the names in a folder to disk.
func SyncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
