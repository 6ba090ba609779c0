package journal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/workdir"
)

// Store is the folder that contains the folders of runs.
type Store struct {
	Dir    string
	GiveUp string // the hint for a run that cannot be read; %s, if it is there, is its id
	Of     string // what its runs belong to, such as "count 01KAQ6X0G0V7TQ3M"; blank: they are imports
}

func (s Store) giveUp(id string) string { return strings.ReplaceAll(s.GiveUp, "%s", id) }

// Unreadable is the error of a run that cannot be read.
func (s Store) Unreadable(id string, err error) error {
	return failure.WithHint(fmt.Errorf("run %s: %w", id, err), "%s", s.giveUp(id))
}

// alphabet is Crockford's: it has no characters that look alike.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewID returns an id for a run. IDs sort by creation time.
func NewID(now time.Time) string {
	id := make([]byte, 16)
	ms := uint64(now.UnixMilli())
	for i := 9; i >= 0; i-- {
		id[i] = alphabet[ms&31]
		ms >>= 5
	}
	rand.Read(id[10:]) // documented never to fail
	for i := 10; i < len(id); i++ {
		id[i] = alphabet[id[i]&31]
	}
	return string(id)
}

// ValidID reports whether a text has the form of an id from NewID.
func ValidID(id string) bool {
	if len(id) != 16 {
		return false
	}
	for _, c := range id {
		if !slices.Contains([]rune(alphabet), c) {
			return false
		}
	}
	return true
}

// runs returns the working folder of the runs.
func (s Store) runs() workdir.Store[Head] {
	return workdir.Store[Head]{Dir: s.Dir, Kind: workdir.Kind[Head]{
		Name: "run", IsID: ValidID, Damaged: s.GiveUp,
		Missing: func(id string) error {
			if s.Of != "" {
				return failure.New(failure.NotFound, "%s: its run %s is missing", s.Of, id).Hint("%s", s.giveUp(id))
			}
			return failure.New(failure.NotFound, "no import run %q", id).Hint("see `stockctl inventory import runs`")
		},
	}}
}

// Folder is the locked folder of a run that has not begun. Until it begins, there is
// nothing to resume.
type Folder struct{ *workdir.Folder[Head] }

// Reserve creates and locks the folder of a new run.
func (s Store) Reserve(id string) (*Folder, error) {
	f, err := s.runs().New(id)
	if err != nil {
		return nil, err
	}
	return &Folder{f}, nil
}

// Begin begins the run, which owns the folder from then on.
func (f *Folder) Begin(head Head) (*Run, error) {
	r := &Run{folder: f.Folder, head: head}
	_, err := r.open()
	if err == nil {
		err = f.Save(head)
	}
	if err != nil {
		if r.file != nil {
			err = errors.Join(err, r.file.Close())
		}
		return nil, errors.Join(fmt.Errorf("opening the journal: %w", err), f.Discard())
	}
	return r.begin(), nil
}

// Create creates the folder of a new run, named head.ID, and begins the run.
func (s Store) Create(head Head) (*Run, error) {
	f, err := s.Reserve(head.ID)
	if err != nil {
		return nil, err
	}
	return f.Begin(head)
}

// Open opens a run to continue it and replays its journal. It fails if another process
// has the run open.
func (s Store) Open(id string) (*Run, *Replay, error) {
	folder, head, err := s.runs().Open(id)
	if err != nil {
		return nil, nil, err
	}
	if head.Finished != nil {
		return nil, nil, errors.Join(failure.Usagef("run %s is finished: there is nothing left to do", id), folder.Release())
	}
	r := &Run{folder: folder, head: head}
	replay, err := r.open()
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("run %s: %w", id, err), folder.Release())
	}
	return r.begin(), replay, nil
}

// Claim reserves a name for this process, like workdir.Store.Claim.
func (s Store) Claim(name string) (giveBack func() error, taken bool, err error) {
	return s.runs().Claim(name)
}

// Info describes a run. It is read without the lock of the run.
type Info struct {
	Head
	Stats Stats
	Open  int  // rows without a known outcome
	Busy  bool // a process is working on it
	// Damaged is why the journal cannot be read; Stats and Open are 0 then.
	Damaged error
}

// Head reads the head of a run: what it was asked to do.
func (s Store) Head(id string) (Head, error) {
	head, err := s.runs().Head(id)
	if err != nil {
		head.ID = id
	}
	return head, err
}

// Inspect reads the head and the journal of a run.
func (s Store) Inspect(id string) (Info, error) {
	head, err := s.Head(id)
	if err != nil {
		return Info{}, err
	}
	replay, err := s.Replay(id)
	if err != nil {
		return Info{}, err
	}
	busy, err := s.runs().Busy(id)
	return Info{Head: head, Stats: replay.Stats, Open: len(replay.Open), Busy: busy}, err
}

// Replay reads the journal of a run without its lock.
func (s Store) Replay(id string) (*Replay, error) { return s.Visit(id, nil) }

// Visit is like Replay, and calls visit, unless it is nil, with each outcome and the
// newest intent of its row. The intent is zero if the row was not sent.
func (s Store) Visit(id string, visit func(Intent, Outcome)) (replay *Replay, err error) {
	lines, err := openLines(filepath.Join(s.Dir, id))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, err
	case err != nil:
		return nil, s.Unreadable(id, err)
	}
	defer func() { err = errors.Join(err, lines.Close()) }()
	replay, err = readWith(lines, visit)
	if err != nil {
		return nil, s.Unreadable(id, err)
	}
	return replay, nil
}

// IDs lists the runs, oldest first.
func (s Store) IDs() ([]string, error) { return s.runs().IDs() }

// Forget removes a run that no process is working on.
func (s Store) Forget(id string) error { return s.runs().Forget(id) }

// Prune removes old finished runs, like workdir.Store.Prune, and what is left of runs
// that never began.
func (s Store) Prune(now time.Time, longer func(Head) time.Duration) error {
	return s.runs().Prune(now, longer)
}
