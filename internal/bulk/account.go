package bulk

import (
	"fmt"

	"github.com/bayworks/stockctl/internal/bulk/journal"
)

// end gives a row its state, and its lane to the next.
func (e *engine) end(row *Row, v verdict) {
	e.close(row, v)
	if v.state != journal.Held {
		e.lanes.done(row)
		return
	}
	for _, behind := range e.lanes.block(row) {
		e.behind(behind, row.Line)
		e.lanes.left()
	}
}

// behind is the end of a row that may not be sent because an earlier one of the
// same record was not decided.
func (e *engine) behind(row *Row, line int) {
	e.count(journal.NotAttempted)
	why := verdict{state: journal.NotAttempted, message: fmt.Sprintf("not attempted (line %d held)", line)}
	if err := e.files.report(row, why); err != nil {
		e.broken(err)
	}
}

// close writes the state of a row down: in the files for people first, so that
// no row is missing there that the journal calls done.
func (e *engine) close(row *Row, v verdict) {
	if err := e.files.put(row, v); err != nil {
		e.broken(err)
		e.count(journal.InDoubt)
		return
	}
	// A line of the report must not stand twice. And the first yes tells a later
	// run what to expect of the log.
	mayWait := e.files.lines == nil && e.anyApplied()
	if err := e.run.End(journal.Outcome{Row: row.N, State: v.state, Code: v.code, Message: v.message}, mayWait); err != nil {
		e.broken(err)
	}
	e.mu.Lock()
	e.stats[v.state]++
	switch v.state {
	case journal.Rejected, journal.Conflict, journal.Invalid:
		e.refused++
	}
	over := e.plan.options.MaxErrors.exceeded(e.refused, e.plan.Rows)
	e.mu.Unlock()
	if over {
		e.halt(errTooMany)
	}
}

// leave gives up a row that has no state, because the run stops.
func (e *engine) leave(row *Row) {
	e.abandon(row)
	e.lanes.done(row)
}

// abandon counts a row that a stopped run leaves behind.
func (e *engine) abandon(row *Row) {
	switch {
	case row.washeld:
		e.count(journal.Held)
	case row.doubted:
		e.count(journal.InDoubt)
	default:
		e.count(journal.NotAttempted)
	}
}

// count gives a row a state that a later session may change: no outcome for the
// journal, nor for the report, which has one line for each row in the end.
func (e *engine) count(state journal.State) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stats[state]++
}

// unread counts the rows of a file that could not be read to its end: the check
// has counted them, and none was attempted.
func (e *engine) unread(rows int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stats[journal.NotAttempted] += max(0, rows-e.rows)
	e.rows = max(rows, e.rows)
}

// broken stops a run whose books can no longer be kept.
func (e *engine) broken(err error) {
	e.mu.Lock()
	if e.fault == nil {
		e.fault = err
	}
	e.mu.Unlock()
	e.halt(err)
}

func (e *engine) anyApplied() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stats[journal.Applied]+e.stats[journal.Confirmed] > 0
}

// progress is what is known now.
func (e *engine) progress() (stats journal.Stats) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stats
}
