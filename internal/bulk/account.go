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
	e.count(row, journal.NotAttempted, fmt.Sprintf("not attempted (line %d held)", line))
}

// close writes the state of a row down: in the files for people first, so that
// no row is missing there that the journal calls done.
func (e *engine) close(row *Row, v verdict) {
	if err := e.files.put(row, v); err != nil {
		e.broken(err)
	}
	if err := e.run.End(journal.Outcome{Row: row.N, State: v.state, Code: v.code, Message: v.message}); err != nil {
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
		e.count(row, journal.Held, "held before, and not looked at again")
	case row.doubted:
		e.count(row, journal.InDoubt, "the run was stopped before its outcome was known")
	default:
		e.count(row, journal.NotAttempted, "the run was stopped")
	}
}

// count gives a row a state that a later session may change: it is counted and
// reported, but no outcome for the journal.
func (e *engine) count(row *Row, state journal.State, why string) {
	e.mu.Lock()
	e.stats[state]++
	e.mu.Unlock()
	if err := e.files.report(row, verdict{state: state, message: why}); err != nil {
		e.broken(err)
	}
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
