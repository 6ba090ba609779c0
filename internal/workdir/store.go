package workdir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"

	"github.com/bayworks/stockctl/internal/durable"
	"github.com/bayworks/stockctl/internal/failure"
)

// Head describes a piece of work.
type Head interface {
	// Identity returns the name of the work, and when it was finished, nil for not yet.
	Identity() (id string, finished *time.Time)
}

// Store is a folder with a subfolder for each piece of work of one kind.
type Store[H Head] struct {
	Dir  string
	Kind Kind[H]
}

// Kind describes one kind of work.
type Kind[H Head] struct {
	Name    string               // its name in messages, such as "count"
	IsID    func(id string) bool // reports whether a name is an id of this kind
	Missing func(id string) error
	Damaged string         // the hint for a head that cannot be read; %s, if it is there, is the id
	Check   func(*H) error // checks a head that could be read; may be nil
	Older   string         // the file name of heads of older versions, JSON without a checksum; may be blank
}

// New creates the folder of a piece of work, which begins with its first Save. It
// accepts a folder that exists.
func (s Store[H]) New(id string) (*Folder[H], error) {
	dir := filepath.Join(s.Dir, id)
	if err := durable.MakeFolder(dir); err != nil {
		return nil, fmt.Errorf("creating the folder of the %s: %w", s.Kind.Name, err)
	}
	return s.lockFolder(id)
}

// Open opens a piece of work to continue it, and returns its head as read under the
// lock.
func (s Store[H]) Open(id string) (f *Folder[H], head H, err error) {
	if s.headPath(id) == "" {
		return nil, head, s.Kind.Missing(id)
	}
	if f, err = s.lockFolder(id); err != nil {
		return nil, head, err
	}
	if head, err = s.Head(id); err != nil {
		return nil, head, errors.Join(err, f.Release())
	}
	return f, head, nil
}

// lockFolder locks the folder of a piece of work.
func (s Store[H]) lockFolder(id string) (*Folder[H], error) {
	f := &Folder[H]{dir: filepath.Join(s.Dir, id), older: s.Kind.Older}
	f.lock = flock.New(filepath.Join(f.dir, lockName), flock.SetPermissions(0o600))
	got, err := f.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("locking %s %s: %w", s.Kind.Name, id, err)
	}
	if !got {
		return nil, failure.Usagef("%s %s is in use by another process", s.Kind.Name, id)
	}
	return f, nil
}

// Busy reports whether a process is working on it.
func (s Store[H]) Busy(id string) (bool, error) {
	f, err := s.lockFolder(id)
	switch {
	case failure.KindOf(err) == failure.Usage:
		return true, nil
	case err != nil:
		return false, err
	}
	return false, f.Release()
}

// IDs lists the pieces of work, oldest first if their names sort by age.
func (s Store[H]) IDs() ([]string, error) {
	begun, _, err := s.folders()
	return begun, err
}

// folders lists the folders with a head, and those without one.
func (s Store[H]) folders() (begun, headless []string, err error) {
	entries, err := os.ReadDir(s.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("listing the %ss: %w", s.Kind.Name, err)
	}
	for _, e := range entries {
		switch id := e.Name(); {
		case !s.Kind.IsID(id):
		case s.headPath(id) != "":
			begun = append(begun, id)
		default:
			headless = append(headless, id)
		}
	}
	return begun, headless, nil
}

// Heads lists what is kept, oldest first if names sort by age. It skips heads that
// cannot be read, and returns why in the error.
func (s Store[H]) Heads() (out []H, err error) {
	ids, err := s.IDs()
	for _, id := range ids {
		head, failed := s.Head(id)
		if failed != nil {
			err = errors.Join(err, failed)
			continue
		}
		out = append(out, head)
	}
	return out, err
}

// Unfinished lists what can be resumed, oldest first if names sort by age. It skips
// heads that cannot be read, and fails on one only if nothing else is unfinished.
func (s Store[H]) Unfinished() ([]H, error) {
	all, err := s.Heads()
	open := slices.DeleteFunc(all, func(head H) bool {
		_, finished := head.Identity()
		return finished != nil
	})
	if len(open) > 0 {
		return open, nil
	}
	return nil, err
}

// Inspect returns the folder of a piece of work for reading, even while another process is
// working on it. The folder must not be written to and needs no Release.
func (s Store[H]) Inspect(id string) (f *Folder[H], head H, err error) {
	if s.headPath(id) == "" {
		return nil, head, s.Kind.Missing(id)
	}
	head, err = s.Head(id)
	return &Folder[H]{dir: filepath.Join(s.Dir, id), older: s.Kind.Older}, head, err
}

// Forget removes a piece of work that no process is working on.
func (s Store[H]) Forget(id string) error {
	if s.headPath(id) == "" {
		return s.Kind.Missing(id)
	}
	f, err := s.lockFolder(id)
	if err != nil {
		return err
	}
	return f.Discard()
}

const (
	// Finished is the minimum time for which finished work is kept.
	Finished = 30 * 24 * time.Hour
	// abandoned is the age at which a folder without a head is considered the remains
	// of a process that died before its work began.
	abandoned = time.Hour
)

// Prune removes finished work that is older than Finished and than the time that
// longer returns for it, if longer is not nil. It also removes the remains of work
// that never began. Work that is unfinished, damaged or in use stays.
func (s Store[H]) Prune(now time.Time, longer func(H) time.Duration) error {
	begun, headless, err := s.folders()
	if err != nil {
		return err
	}
	for _, id := range headless {
		info, gone := os.Stat(filepath.Join(s.Dir, id))
		if gone != nil || now.Sub(info.ModTime()) < abandoned {
			continue
		}
		switch f, busy := s.lockFolder(id); {
		case busy != nil:
		case s.headPath(id) != "": // it has just begun
			err = errors.Join(err, f.Release())
		default:
			err = errors.Join(err, f.Discard())
		}
	}
	for _, id := range begun {
		head, unread := s.Head(id)
		if unread != nil || !s.old(head, now, longer) {
			continue
		}
		if failed := s.Forget(id); failure.KindOf(failed) != failure.Usage && failure.KindOf(failed) != failure.NotFound {
			err = errors.Join(err, failed)
		}
	}
	return err
}

func (s Store[H]) old(head H, now time.Time, longer func(H) time.Duration) bool {
	_, finished := head.Identity()
	if finished == nil {
		return false
	}
	keep := Finished
	if longer != nil {
		keep = max(keep, longer(head))
	}
	return finished.Before(now.Add(-keep))
}
