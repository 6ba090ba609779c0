package count

import (
	"math"
	"path/filepath"
	"slices"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
)

// undoFolder is where the runs of a count's undo are kept.
const undoFolder = "undo"

// Applied returns the run that posted a finished count, and its store. The id is blank
// if the count changed nothing. A run that is lost is an error.
func (s *Session) Applied() (store journal.Store, id string, err error) {
	if s.Head.Finished == nil {
		return store, "", failure.Usagef("count %s is not finished, and can only be undone when it is", s.Head.ID).
			Hint("finish it with `stockctl inventory count resume %s`, or remove it with `stockctl inventory count forget %s`", s.Head.ID, s.Head.ID)
	}
	store = s.runs()
	runs, err := ledger.Runs(store)
	if n := len(runs); err != nil || n > 0 {
		if n > 0 {
			id = runs[n-1].ID
		}
		return store, id, err
	}
	lines, _, err := s.Agreed()
	if err == nil && slices.ContainsFunc(lines, func(l Line) bool { return l.State == Differs }) {
		err = failure.New(failure.Unexpected, "count %s: it is not known what it adjusted, because its run is missing", s.Head.ID).
			Hint("see its movements with `stockctl inventory logs --action adjusted --since %s`, and reverse them with `stockctl inventory adjust`", failure.Arg(s.Head.Started.UTC().Format(time.DateOnly)))
	}
	return store, "", err
}

// runs returns the store for the runs that post the count.
func (s *Session) runs() journal.Store { return s.kept("runs") }

// UndoRuns returns the store for the runs that undo the count.
func (s *Session) UndoRuns() journal.Store { return s.kept(undoFolder) }

// kept returns a store for runs in the folder of the count.
func (s *Session) kept(folder string) journal.Store {
	return journal.Store{
		Dir: s.path(folder), Of: "count " + s.Head.ID, GiveUp: "give the count up with `stockctl inventory count forget " + s.Head.ID + "`",
	}
}

// UndoID returns the import id from which the tokens of the count's undo derive.
func (s *Session) UndoID() string { return "undo-" + s.importID() }

// Undone records that everything the count changed was undone.
func (s *Session) Undone(now time.Time) error {
	s.Head.Undone = &now
	return s.folder.Save(s.Head)
}

// longer returns how much longer than usual a finished count is kept: until its undo,
// if there is one, is finished.
func (st Store) longer(h Head) time.Duration {
	if st.undoing(h.ID) {
		return math.MaxInt64
	}
	return 0
}

// undoing reports whether an undo of the count has begun and is not finished. If it
// cannot be read, it may be one.
func (st Store) undoing(id string) bool {
	open, err := ledger.Unfinished(journal.Store{Dir: filepath.Join(st.Dir, id, undoFolder)})
	return err != nil || len(open) > 0
}
