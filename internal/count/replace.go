//go:build !windows

package count

import (
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// replace writes a file as a whole, or leaves it as it was.
func replace(path string, text []byte, mode os.FileMode) error {
	return renameio.WriteFile(path, text, mode, renameio.WithTempDir(filepath.Dir(path)), renameio.WithStaticPermissions(mode))
}
