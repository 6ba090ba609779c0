package count

import (
	"errors"
	"os"
	"path/filepath"
)

// replace writes a file as a whole, or leaves it as it was. Windows has no
// modes: the folder keeps others out.
func replace(path string, text []byte, _ os.FileMode) error {
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
