package transfer

import (
	"cmp"
	"encoding/json"
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

// KeepFinished is how long the plan of a finished transfer is kept.
const KeepFinished = 30 * 24 * time.Hour

const (
	planName = "plan.json"
	lockName = "lock"
)

// Store is the folder that holds a folder for each transfer.
type Store struct{ Dir string }

// journal is the folder of one transfer, locked.
type journal struct {
	dir  string
	lock *flock.Flock
}

func (s Store) folder(reference string) string { return filepath.Join(s.Dir, reference) }

// take locks the folder of a transfer, and makes it first when it is not there.
func (s Store) take(reference string) (*journal, error) {
	dir := s.folder(reference)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of the transfer: %w", err)
	}
	j := &journal{dir: dir, lock: flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))}
	got, err := j.lock.TryLock()
	switch {
	case err != nil:
		return nil, fmt.Errorf("locking transfer %s: %w", reference, err)
	case !got:
		return nil, failure.Usagef("transfer %s is being worked on by another process", reference)
	}
	return j, nil
}

func (j *journal) write(p *Plan) error {
	text, err := json.MarshalIndent(p, "", "  ")
	if err == nil {
		err = durable.Replace(filepath.Join(j.dir, planName), append(text, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("writing the journal of transfer %s: %w", p.Reference, err)
	}
	return nil
}

func (j *journal) close() error { return j.lock.Unlock() }

// discard removes the folder of a transfer that moved nothing, or is long over.
// It gives the lock up first: not every system removes a file that is open.
func (j *journal) discard() error { return errors.Join(j.lock.Unlock(), os.RemoveAll(j.dir)) }

// read returns the plan of a transfer, nil when there is none.
func (s Store) read(reference string) (*Plan, error) {
	name := filepath.Join(s.folder(reference), planName)
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var p Plan
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, damaged(name, err.Error())
	}
	if p.Reference != reference || p.Qty < 1 || p.From.RecordID == "" || p.To.RecordID == "" {
		return nil, damaged(name, "it is not the plan of transfer "+reference)
	}
	return &p, nil
}

func damaged(name, why string) error {
	return failure.New(failure.Unexpected, "%s is damaged: %s", name, why).
		Hint("remove the file and run the command again: the movement log tells the rest")
}

// Unfinished lists the transfers of one API that are neither done nor undone,
// oldest first.
func (s Store) Unfinished(baseURL string) ([]Plan, error) {
	var out []Plan
	err := s.each(func(p *Plan) error {
		if p.Finished == nil && p.BaseURL == baseURL {
			out = append(out, *p)
		}
		return nil
	})
	slices.SortFunc(out, func(a, b Plan) int {
		return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.Reference, b.Reference))
	})
	return out, err
}

// Prune removes the plans of transfers that were finished before a time.
func (s Store) Prune(before time.Time) error {
	return s.each(func(p *Plan) error {
		if p.Finished == nil || !p.Finished.Before(before) {
			return nil
		}
		j, err := s.take(p.Reference)
		if failure.KindOf(err) == failure.Usage {
			return nil // somebody works on it
		}
		if err != nil {
			return err
		}
		return j.discard()
	})
}

// each visits the plans that can be read; one that cannot stays where it is,
// for the command that names it to tell.
func (s Store) each(visit func(*Plan) error) error {
	entries, err := os.ReadDir(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("listing the transfers: %w", err)
	}
	for _, e := range entries {
		if !ValidReference(e.Name()) {
			continue
		}
		p, err := s.read(e.Name())
		if err != nil || p == nil {
			continue
		}
		if err := visit(p); err != nil {
			return err
		}
	}
	return nil
}
