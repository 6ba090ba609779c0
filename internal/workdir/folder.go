package workdir

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"github.com/bayworks/stockctl/internal/durable"
)

const (
	headName = "head"
	lockName = "lock"
)

// Folder is the folder of a piece of work, locked by this process. The caller must
// call Release or Discard.
type Folder[H Head] struct {
	dir   string
	older string
	lock  *flock.Flock
}

// Dir returns the path of the folder.
func (f *Folder[H]) Dir() string { return f.dir }

// Path returns the path of a file in the folder.
func (f *Folder[H]) Path(name string) string { return filepath.Join(f.dir, name) }

// Save writes the head to disk. The work begins with the first Save.
func (f *Folder[H]) Save(head H) error {
	text, err := json.Marshal(head)
	if err == nil {
		err = durable.Replace(f.Path(headName), Seal(nil, text), 0o600)
	}
	if err != nil || f.older == "" {
		return err
	}
	return f.remove(f.older)
}

// Release unlocks the work.
func (f *Folder[H]) Release() error { return f.lock.Unlock() }

// Discard removes the work and unlocks it. The heads go first, so that the next process
// to get the lock finds no work. The lock is released before the rest is removed,
// because some systems cannot remove an open file.
func (f *Folder[H]) Discard() error {
	err := f.remove(headName)
	if err == nil && f.older != "" {
		err = f.remove(f.older)
	}
	if err != nil {
		return errors.Join(err, f.Release())
	}
	return errors.Join(f.Release(), os.RemoveAll(f.dir))
}

// remove removes a file if it exists.
func (f *Folder[H]) remove(name string) error {
	if err := os.Remove(f.Path(name)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
