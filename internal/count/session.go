package count

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/bayworks/stockctl/internal/durable"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
)

// The files of a session's folder.
const (
	headFile  = "head.json"
	stepsFile = "steps.jsonl"
	baseFile  = "system.json"
	linesFile = "variance.json" // once it was agreed to
	lockFile  = "lock"
)

// Head is what a session is about.
type Head struct {
	ID        string     `json:"id"`
	Source    string     `json:"source"` // the file, or "scan"
	Profile   string     `json:"profile"`
	BaseURL   string     `json:"baseUrl"`
	Warehouse string     `json:"warehouse,omitempty"` // an id; blank: the file names several
	Complete  bool       `json:"complete,omitempty"`  // what was not counted is not there
	Aliases   string     `json:"aliases,omitempty"`   // the alias file
	Started   time.Time  `json:"started"`
	Finished  *time.Time `json:"finished,omitempty"`
}

// Store is the folder that holds the sessions.
type Store struct{ Dir string }

// Session is a count that this process has open. Close it.
type Session struct {
	Head  Head
	base  []Figure
	dir   string
	lock  *flock.Flock
	steps *os.File
	tally tally
}

// validID keeps a name from being a path.
func validID(id string) bool {
	return id != "" && strings.Trim(id, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// Create begins a session; base is what the store has now.
func (st Store) Create(head Head, base []Figure) (*Session, error) {
	head.ID = journal.NewID(head.Started)
	s := &Session{Head: head, base: base, dir: filepath.Join(st.Dir, head.ID)}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the count's folder: %w", err)
	}
	if err := s.take(); err != nil {
		return nil, err
	}
	text, err := json.Marshal(base)
	if err == nil {
		err = durable.Replace(s.path(baseFile), text, 0o600)
	}
	if err == nil {
		err = s.openSteps()
	}
	if err == nil { // the head is written last: with it the session can be resumed
		err = s.writeHead()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("beginning the count: %w", err), s.Close())
	}
	return s, nil
}

// Open takes a session up again.
func (st Store) Open(id string) (*Session, error) {
	head, err := st.head(id)
	if err != nil {
		return nil, err
	}
	s := &Session{Head: head, dir: filepath.Join(st.Dir, id)}
	if err := s.take(); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(s.path(baseFile))
	if err == nil {
		err = json.Unmarshal(text, &s.base)
	}
	if err == nil {
		err = s.openSteps()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reading the count %s: %w", id, err), s.Close())
	}
	return s, nil
}

func (st Store) head(id string) (head Head, err error) {
	text, err := os.ReadFile(filepath.Join(st.Dir, id, headFile))
	if !validID(id) || errors.Is(err, fs.ErrNotExist) {
		return head, failure.New(failure.NotFound, "no count %q", id)
	}
	if err == nil {
		err = json.Unmarshal(text, &head)
	}
	if err == nil && head.ID != id {
		err = fmt.Errorf("its head is that of %q", head.ID)
	}
	if err != nil {
		return head, fmt.Errorf("reading the count %s: %w", id, err)
	}
	return head, nil
}

// Unfinished lists the sessions that can be resumed, oldest first.
func (st Store) Unfinished() ([]Head, error) {
	var out []Head
	err := st.each(func(h Head) error {
		if h.Finished == nil {
			out = append(out, h)
		}
		return nil
	})
	return out, err
}

// Prune removes the sessions that were finished before a time.
func (st Store) Prune(before time.Time) error {
	return st.each(func(h Head) error {
		if h.Finished == nil || !h.Finished.Before(before) {
			return nil
		}
		return os.RemoveAll(filepath.Join(st.Dir, h.ID))
	})
}

func (st Store) each(visit func(Head) error) error {
	entries, err := os.ReadDir(st.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		head, err := st.head(e.Name())
		if failure.KindOf(err) == failure.NotFound {
			continue // begun and never written whole: nothing was counted
		}
		if err == nil {
			err = visit(head)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) path(name string) string { return filepath.Join(s.dir, name) }

func (s *Session) writeHead() error {
	text, err := json.Marshal(s.Head)
	if err != nil {
		return err
	}
	return durable.Replace(s.path(headFile), text, 0o600)
}

// take locks the session, so that it is open once.
func (s *Session) take() error {
	s.lock = flock.New(s.path(lockFile), flock.SetPermissions(0o600))
	got, err := s.lock.TryLock()
	if err != nil {
		return fmt.Errorf("locking the count: %w", err)
	}
	if !got {
		return failure.Usagef("the count %s is open in another window or process", s.Head.ID)
	}
	return nil
}

// openSteps reads the journal. A last line without its end was never told to
// anybody: it is dropped.
func (s *Session) openSteps() error {
	file, err := os.OpenFile(s.path(stepsFile), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	s.steps = file
	text, err := os.ReadFile(file.Name())
	if err != nil {
		return err
	}
	whole := text[:bytes.LastIndexByte(text, '\n')+1]
	for line := range bytes.Lines(whole) {
		var one step
		if err := json.Unmarshal(line, &one); err != nil {
			return fmt.Errorf("%s is damaged: %w", file.Name(), err)
		}
		s.tally.take(one)
	}
	if len(whole) < len(text) {
		return file.Truncate(int64(len(whole)))
	}
	return nil
}

// write adds a step to the journal, then to the count: what was told to be
// counted outlives the process.
func (s *Session) write(one step) error {
	text, err := json.Marshal(one)
	if err == nil {
		_, err = s.steps.Write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("writing the count down: %w", err)
	}
	s.tally.take(one)
	return nil
}

// Sync makes what was counted outlive the machine, too.
func (s *Session) Sync() error { return s.steps.Sync() }

// End marks the session as finished: it cannot be resumed.
func (s *Session) End(now time.Time) error {
	s.Head.Finished = &now
	return s.writeHead()
}

// Close gives the session back, to be resumed.
func (s *Session) Close() error {
	var err error
	if s.steps != nil {
		err = errors.Join(s.steps.Sync(), s.steps.Close())
	}
	return errors.Join(err, s.lock.Unlock())
}

// Discard removes a session that posted nothing, and closes it.
func (s *Session) Discard() error {
	return errors.Join(s.Close(), os.RemoveAll(s.dir))
}
