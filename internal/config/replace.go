//go:build !windows

package config

import (
	"path/filepath"

	"github.com/google/renameio/v2"
)

// replace writes the file as a whole, or leaves it as it was. Its mode is 0600
// whatever the old one was, and so is the mode of what is written meanwhile,
// which stands in the same folder.
func replace(path string, text []byte) error {
	next, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithStaticPermissions(0o600))
	if err != nil {
		return err
	}
	// It does nothing once the file is replaced, and an earlier error tells more.
	defer func() { _ = next.Cleanup() }()
	if _, err := next.Write(text); err != nil {
		return err
	}
	return next.CloseAtomicallyReplace()
}
