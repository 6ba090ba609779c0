package count

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/bayworks/stockctl/internal/durable"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/workdir"
)

// The files of a session's folder.
const (
	stepsFile = "steps.jsonl"
	baseFile  = "system.json"
	linesFile = "variance.json" // once agreed
)

// Head describes a session.
type Head struct {
	ID        string         `json:"id"`
	Source    string         `json:"source"` // the file, or "scan"
	Profile   string         `json:"profile"`
	BaseURL   string         `json:"baseUrl"`
	Warehouse string         `json:"warehouse,omitempty"` // an id; blank if the file names several
	Place     string         `json:"place,omitempty"`     // the warehouse as people know it
	Complete  bool           `json:"complete,omitempty"`  // items that were not counted are not there
	Aliases   string         `json:"aliases,omitempty"`   // the alias file
	IfMoved   ledger.IfMoved `json:"ifMoved,omitempty"`   // how to treat records that moved since the file was created
	Started   time.Time      `json:"started"`
	Finished  *time.Time     `json:"finished,omitempty"`
	Undone    *time.Time     `json:"undone,omitempty"`
}

// Identity returns the id of the session and when it was finished.
func (h Head) Identity() (id string, finished *time.Time) { return h.ID, h.Finished }

// Store is the folder with the sessions.
type Store struct{ Dir string }

// sessions returns the store for sessions.
func (st Store) sessions() workdir.Store[Head] {
	return workdir.Store[Head]{Dir: st.Dir, Kind: workdir.Kind[Head]{
		Name: "count", IsID: journal.ValidID, Older: "head.json",
		Damaged: "start a new count, and remove this one with `stockctl inventory count forget %s`",
		Missing: func(id string) error {
			return failure.New(failure.NotFound, "no count %q", id).Hint("see `stockctl inventory count list`")
		},
	}}
}

// Session is an open count. The caller must close it.
type Session struct {
	Head   Head
	base   []StockLevel
	folder *workdir.Folder[Head]
	steps  *os.File
	tally  tally
}

// Create creates a session. base is the current stock.
func (st Store) Create(head Head, base []StockLevel) (*Session, error) {
	head.ID = journal.NewID(head.Started)
	folder, err := st.sessions().New(head.ID)
	if err != nil {
		return nil, err
	}
	s := &Session{Head: head, base: base, folder: folder}
	text, err := json.Marshal(base)
	if err == nil {
		err = durable.Replace(s.path(baseFile), text, 0o600)
	}
	if err == nil {
		err = s.openSteps()
	}
	if err == nil { // write the head last: it makes the session resumable
		err = s.folder.Save(s.Head)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting the count: %w", err), s.Close())
	}
	return s, nil
}

// Open opens a session to resume it.
func (st Store) Open(id string) (*Session, error) {
	folder, head, err := st.sessions().Open(id)
	if err != nil {
		return nil, err
	}
	s := &Session{Head: head, folder: folder}
	err = s.readBase()
	if err == nil {
		err = s.openSteps()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reading the count %s: %w", id, err), s.Close())
	}
	return s, nil
}

// Unfinished returns the sessions that can be resumed, oldest first.
func (st Store) Unfinished() ([]Head, error) { return st.sessions().Unfinished() }

// Finished returns the sessions that were posted, oldest first.
func (st Store) Finished() ([]Head, error) {
	all, err := st.sessions().Heads()
	return slices.DeleteFunc(all, func(h Head) bool { return h.Finished == nil }), err
}

// Prune removes sessions that were finished long ago, and whose undo is not waiting to be
// continued.
func (st Store) Prune(now time.Time) error { return st.sessions().Prune(now, st.longer) }

func (s *Session) path(name string) string { return s.folder.Path(name) }

// openSteps reads the journal. An incomplete last line was never confirmed to the user,
// so it is dropped.
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
	whole, err := s.tally.read(text)
	if err != nil {
		return fmt.Errorf("%s is damaged: %w", file.Name(), err)
	}
	if whole < len(text) {
		return file.Truncate(int64(whole))
	}
	return nil
}

// write adds a step to the journal and then to the count, so that every confirmed step
// survives the process.
func (s *Session) write(one step) error {
	text, err := json.Marshal(one)
	if err == nil {
		_, err = s.steps.Write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("saving the count: %w", err)
	}
	s.tally.apply(one)
	return nil
}

// Sync flushes the count to disk, so that it also survives a power failure.
func (s *Session) Sync() error { return s.steps.Sync() }

// End marks the session as finished. It can then no longer be resumed.
func (s *Session) End(now time.Time) error {
	s.Head.Finished = &now
	return s.folder.Save(s.Head)
}

// Close closes the session, which can be resumed later.
func (s *Session) Close() error { return errors.Join(s.closeSteps(), s.folder.Release()) }

// Discard closes and removes a session that posted nothing.
func (s *Session) Discard() error { return errors.Join(s.closeSteps(), s.folder.Discard()) }

func (s *Session) closeSteps() error {
	if s.steps == nil {
		return nil
	}
	return errors.Join(s.steps.Sync(), s.steps.Close())
}
