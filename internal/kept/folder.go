package kept

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

// Folder is that of a piece of work which this process alone has open. Release it,
// or discard it.
type Folder[H Head] struct {
	dir   string
	older string
	lock  *flock.Flock
}

// Dir is the folder, for what must stay with the work.
func (f *Folder[H]) Dir() string { return f.dir }

// Path is that of a file in the folder.
func (f *Folder[H]) Path(name string) string { return filepath.Join(f.dir, name) }

// Save writes the head, and returns when it is on disk. With the first one the work
// has begun.
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

// Release gives the work free for others.
func (f *Folder[H]) Release() error { return f.lock.Unlock() }

// Discard removes the work, and gives it free. The heads go first, and the lock
// before the rest, since not every system removes a file that is open: whoever gets
// the lock then finds no work.
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

// remove removes a file that may not be there.
func (f *Folder[H]) remove(name string) error {
	if err := os.Remove(f.Path(name)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
