package journal

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"

	"github.com/bayworks/stockctl/internal/failure"
)

// Store is the folder that holds the folders of runs.
type Store struct{ Dir string }

// alphabet is Crockford's: no two characters look alike.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewID returns a name for a run. Names sort by the time they were made.
func NewID(now time.Time) string {
	id := make([]byte, 16)
	ms := uint64(now.UnixMilli())
	for i := 9; i >= 0; i-- {
		id[i] = alphabet[ms&31]
		ms >>= 5
	}
	rand.Read(id[10:]) // never fails, by its contract
	for i := 10; i < len(id); i++ {
		id[i] = alphabet[id[i]&31]
	}
	return string(id)
}

func validID(id string) bool {
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

// Folder is that of a run which may begin: made, and locked. Until it begins there
// is nothing to resume.
type Folder struct {
	dir  string
	lock *flock.Flock
}

// Reserve makes the folder of a new run and locks it.
func (s Store) Reserve(id string) (*Folder, error) {
	dir := filepath.Join(s.Dir, id)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the run's folder: %w", err)
	}
	lock, err := take(dir)
	if err != nil {
		return nil, err
	}
	return &Folder{dir, lock}, nil
}

// Dir is the folder, for what the run is to begin with.
func (f *Folder) Dir() string { return f.dir }

// Begin begins the run, to which the folder belongs from then on.
func (f *Folder) Begin(head Head) (*Run, error) {
	r := &Run{dir: f.dir, lock: f.lock, head: head}
	_, err := r.open()
	if err == nil {
		err = head.write(f.dir)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the journal: %w", err), f.Discard())
	}
	return r.begin(), nil
}

// Discard gives the folder up: no run has begun in it.
func (f *Folder) Discard() error { return errors.Join(f.lock.Unlock(), os.RemoveAll(f.dir)) }

// Create makes the folder of a new run, and begins it. head.ID names it.
func (s Store) Create(head Head) (*Run, error) {
	f, err := s.Reserve(head.ID)
	if err != nil {
		return nil, err
	}
	return f.Begin(head)
}

// Open opens a run to go on with it, and tells what its journal holds. A run
// that another process has open is an error.
func (s Store) Open(id string) (*Run, *Replay, error) {
	dir, err := s.folder(id)
	if err != nil {
		return nil, nil, err
	}
	r := &Run{dir: dir}
	if r.lock, err = take(dir); err != nil {
		return nil, nil, err
	}
	r.head, err = readHead(dir)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("reading run %s: %w", id, err), r.lock.Unlock())
	}
	if r.head.Finished != nil {
		return nil, nil, errors.Join(failure.Usagef("run %s is finished: nothing is left to do", id), r.lock.Unlock())
	}
	replay, err := r.open()
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("run %s: %w", id, err), r.lock.Unlock())
	}
	return r.begin(), replay, nil
}

// take locks the folder of a run.
func take(dir string) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("locking the run: %w", err)
	}
	if !got {
		return nil, failure.Usagef("run %s is being worked on by another process", filepath.Base(dir))
	}
	return lock, nil
}

// Claim takes a name for this process: nobody else gets it until it is given
// back, which the death of the process does, too. It is false when somebody has
// it.
func (s Store) Claim(name string) (giveBack func() error, taken bool, err error) {
	dir := filepath.Join(s.Dir, claimsName)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, false, fmt.Errorf("making the folder of the runs: %w", err)
	}
	sum := sha256.Sum256([]byte(name))
	lock := flock.New(filepath.Join(dir, hex.EncodeToString(sum[:8])), flock.SetPermissions(0o600))
	taken, err = lock.TryLock()
	return lock.Unlock, taken, err
}

func (s Store) folder(id string) (string, error) {
	dir := filepath.Join(s.Dir, id)
	if _, err := os.Stat(filepath.Join(dir, headName)); !validID(id) || err != nil {
		return "", failure.New(failure.NotFound, "no import run %q", id).
			Hint("see `stockctl inventory import runs`")
	}
	return dir, nil
}

// Info is a run as it stands, read without its lock.
type Info struct {
	Head
	Stats Stats
	Open  int  // rows whose outcome is not known
	Busy  bool // a process works on it
	// Damaged says why the journal cannot be read; Stats and Open are 0 then.
	Damaged error
}

// Head reads what a run was asked to do.
func (s Store) Head(id string) (Head, error) {
	dir, err := s.folder(id)
	if err != nil {
		return Head{}, err
	}
	head, err := readHead(dir)
	if err != nil {
		return Head{ID: id}, failure.WithHint(fmt.Errorf("run %s: %w", id, err), "give it up with `stockctl inventory import forget %s`", id)
	}
	return head, nil
}

// Look reads one run.
func (s Store) Look(id string) (Info, error) {
	dir, err := s.folder(id)
	if err != nil {
		return Info{}, err
	}
	head, err := readHead(dir)
	if err != nil {
		return Info{}, err
	}
	replay, err := s.Replay(id)
	if err != nil {
		return Info{}, err
	}
	info := Info{Head: head, Stats: replay.Stats, Open: len(replay.Open)}
	lock := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	info.Busy = err == nil && !got
	if got {
		err = lock.Unlock()
	}
	return info, err
}

// Replay reads the journal of a run without its lock.
func (s Store) Replay(id string) (*Replay, error) { return s.Visit(id, nil) }

// Visit is Replay; visit, if any, is told of the outcome of each row that was
// sent.
func (s Store) Visit(id string, visit func(Intent, Outcome)) (replay *Replay, err error) {
	lines, err := openLines(filepath.Join(s.Dir, id))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, lines.Close()) }()
	replay, err = readWith(lines, visit)
	if err != nil {
		return nil, failure.WithHint(fmt.Errorf("run %s: %w", id, err), "give it up with `stockctl inventory import forget %s`", id)
	}
	return replay, nil
}

// IDs lists the runs, oldest first.
func (s Store) IDs() ([]string, error) {
	entries, err := os.ReadDir(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var out []string
	for _, e := range entries {
		if _, err := s.folder(e.Name()); err == nil {
			out = append(out, e.Name())
		}
	}
	return out, err
}

// Forget removes a run that nobody works on.
func (s Store) Forget(id string) error {
	dir, err := s.folder(id)
	if err != nil {
		return err
	}
	lock, err := take(dir)
	if err != nil {
		return err
	}
	return errors.Join(lock.Unlock(), os.RemoveAll(dir))
}

// abandoned is how old a folder without a head must be to be left by a process that
// died before its run began.
const abandoned = time.Hour

// sweep removes the folders of runs that never began and that no process works on.
func (s Store) sweep(now time.Time) error {
	entries, err := os.ReadDir(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		dir := filepath.Join(s.Dir, e.Name())
		info, gone := e.Info()
		if _, failed := s.folder(e.Name()); failed == nil || !validID(e.Name()) || gone != nil || now.Sub(info.ModTime()) < abandoned {
			continue
		}
		if lock, busy := take(dir); busy == nil {
			err = errors.Join(err, lock.Unlock(), os.RemoveAll(dir))
		}
	}
	return err
}

// Prune removes the finished runs that are old, and what is left of those that
// never began.
func (s Store) Prune(now time.Time, old func(Head) bool) error {
	if err := s.sweep(now); err != nil {
		return err
	}
	ids, err := s.IDs()
	if err != nil {
		return err
	}
	for _, id := range ids {
		head, err := readHead(filepath.Join(s.Dir, id))
		if err != nil || head.Finished == nil || !old(head) {
			continue
		}
		if err := s.Forget(id); err != nil && failure.KindOf(err) != failure.Usage {
			return err
		}
	}
	return nil
}
