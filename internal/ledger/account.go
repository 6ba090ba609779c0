package ledger

import (
	"errors"
	"fmt"

	"github.com/bayworks/stockctl/internal/ledger/journal"
)

// end sets the state of a row and releases its lane to the next row.
func (s *sender) end(row *pending, v verdict) {
	s.close(row, v)
	if v.State != journal.Held {
		s.lanes.done(row)
		return
	}
	for _, waiting := range s.lanes.block(row) {
		s.notAttempted(waiting, row.Line)
		s.lanes.left()
	}
}

// notAttempted handles a row that must not be sent because an earlier row of the same record
// was not decided.
func (s *sender) notAttempted(row *pending, line int) {
	s.count(journal.NotAttempted)
	why := Outcome{State: journal.NotAttempted, Message: fmt.Sprintf("not attempted (line %d held)", line)}
	if err := s.observe(row, why, Observer.NotAttempted); err != nil {
		s.broken(err)
	}
}

// observe passes an outcome to every observer.
func (s *sender) observe(row *pending, o Outcome, method func(Observer, *Write, Outcome) error) error {
	s.observing.Lock()
	defer s.observing.Unlock()
	var errs []error
	for _, one := range s.observers {
		errs = append(errs, method(one, &row.Write, o))
	}
	return errors.Join(errs...)
}

// close records the state of a row. The observers come first, because they write the
// files that people read: no row may be missing there that the journal calls done.
func (s *sender) close(row *pending, v verdict) {
	if err := s.observe(row, v.Outcome, Observer.Ended); err != nil {
		s.broken(err)
		s.count(journal.InDoubt)
		return
	}
	// If an observer must see each row only once, the journal cannot lag behind it. The
	// first success is not delayed either: it shows a later run what to expect of the
	// log.
	mayWait := !s.exact && s.anyApplied()
	if err := s.run.journal.End(journal.Outcome{Row: row.N, State: v.State, Code: v.Code, Message: v.Message}, mayWait); err != nil {
		s.broken(err)
	}
	s.mu.Lock()
	s.stats[v.State]++
	switch v.State {
	case journal.Rejected, journal.Conflict, journal.Invalid:
		s.refused++
	}
	over := s.run.options.MaxErrors.exceeded(s.refused, s.run.plan.Rows)
	s.mu.Unlock()
	if over {
		s.halt(ErrTooMany)
	}
}

// leave gives up a row without a state because the run is stopping.
func (s *sender) leave(row *pending) {
	s.abandon(row)
	s.lanes.done(row)
}

// abandon counts a row that a stopping run leaves unfinished.
func (s *sender) abandon(row *pending) {
	switch {
	case row.wasHeld:
		s.count(journal.Held)
	case row.doubted:
		s.observing.Lock()
		for _, one := range s.observers {
			one.Doubted(&row.Write)
		}
		s.observing.Unlock()
		s.count(journal.InDoubt)
	default:
		s.count(journal.NotAttempted)
	}
}

// count counts a state that a later session may change. It goes neither into the
// journal nor into the report, which ends up with one line per row.
func (s *sender) count(state journal.State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats[state]++
}

// countUnread counts the rows that the sender never reached because the plan could not be
// read to its end. The check has counted them, and none was attempted.
func (s *sender) countUnread(rows int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats[journal.NotAttempted] += max(0, rows-s.rows)
	s.rows = max(rows, s.rows)
}

// broken stops a run that can no longer keep its records.
func (s *sender) broken(err error) {
	s.mu.Lock()
	if s.fault == nil {
		s.fault = err
	}
	s.mu.Unlock()
	s.halt(err)
}

func (s *sender) anyApplied() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats[journal.Applied]+s.stats[journal.Confirmed] > 0
}

// counted returns the current counts.
func (s *sender) counted() (stats journal.Stats) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}
