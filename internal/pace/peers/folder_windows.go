package peers

import (
	"os"
	"path/filepath"
)

// folder returns a folder in parent, which belongs to this user.
func folder(parent string) (string, error) {
	dir := filepath.Join(parent, "stockctl")
	if err := os.Mkdir(dir, 0o700); err != nil && !os.IsExist(err) {
		return "", err
	}
	return dir, nil
}
