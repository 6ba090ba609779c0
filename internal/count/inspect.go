package count

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
)

// Status is how far a count is.
type Status = string

// The statuses of a count.
const (
	Counting Status = "counting" // its variance is not agreed yet
	Agreed   Status = "agreed"   // its movements are not all settled
	Finished Status = "finished"
	Running  Status = "running" // a process is working on it
)

// Summary is a count as it is on disk.
type Summary struct {
	Head
	Status  Status
	Items   int
	Scans   int64
	Lines   []Line // agreed, with their outcomes, or what was counted so far
	Undoing bool   // an undo has begun and is not finished
}

// List returns the counts of this machine, oldest first. Those that cannot be read are in
// the error.
func (st Store) List() (out []Summary, err error) {
	heads, err := st.sessions().Heads()
	for _, head := range heads {
		one, failed := st.Inspect(head.ID)
		if failed != nil {
			err = errors.Join(err, failed)
			continue
		}
		out = append(out, one)
	}
	return out, err
}

// Inspect reads a count, even while another process works on it.
func (st Store) Inspect(id string) (Summary, error) {
	folder, head, err := st.sessions().Inspect(id)
	if err != nil {
		return Summary{}, err
	}
	s := &Session{Head: head, folder: folder}
	err = s.readBase()
	if err == nil {
		err = s.readSteps()
	}
	var lines []Line
	var agreed bool
	if err == nil {
		lines, agreed, err = s.lines()
	}
	if err != nil {
		return Summary{}, failure.WithHint(fmt.Errorf("reading the count %s: %w", id, err), "start a new count, and remove this one with `stockctl inventory count forget %s`", id)
	}
	busy, err := st.sessions().Busy(id)
	if err != nil {
		return Summary{}, err
	}
	out := Summary{Head: head, Status: Counting, Items: s.Items(), Scans: s.Scans(), Lines: lines, Undoing: st.undoing(id)}
	switch {
	case busy:
		out.Status = Running
	case head.Finished != nil:
		out.Status = Finished
	case agreed:
		out.Status = Agreed
	}
	return out, nil
}

// Head reads what describes a count, even if the rest of it is damaged.
func (st Store) Head(id string) (Head, error) { return st.sessions().Head(id) }

// Forget removes a count that no process works on.
func (st Store) Forget(id string) error { return st.sessions().Forget(id) }

func (s *Session) readBase() error {
	text, err := os.ReadFile(s.path(baseFile))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &s.base); err != nil {
		return fmt.Errorf("%s is damaged: %w", s.path(baseFile), err)
	}
	return nil
}

func (s *Session) readSteps() error {
	text, err := os.ReadFile(s.path(stepsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		_, err = s.tally.read(text)
	}
	return err
}

// lines returns the agreed lines with their outcomes so far, or how the counts differ
// from the stock at the time when counting began.
func (s *Session) lines() (lines []Line, agreed bool, err error) {
	lines, agreed, err = s.Agreed()
	if err != nil {
		return nil, false, err
	}
	if !agreed {
		counts, unknown := s.Counts(func(string) (Item, bool) { return Item{}, false })
		lines, _ = s.Variance(counts, unknown, s.base)
		return lines, false, nil
	}
	store := s.runs()
	runs, err := ledger.Runs(store)
	if err != nil || len(runs) == 0 {
		return lines, true, err
	}
	return lines, true, s.outcomes(store, runs[len(runs)-1].ID, lines, s.Head.Finished == nil)
}
