package bulk

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/bulk/journal"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
)

// maxSends is how often one row is sent in one session before it is given up.
const maxSends = 5

// actor is what the modes do differently.
type actor interface {
	// ready completes a row before its first sending. It may end the row.
	ready(row *Row) verdict
	// send sends a row once.
	send(ctx context.Context, row *Row) verdict
	// doubt takes a row whose answer was lost. It sees to it that the row is
	// sent again or ended.
	doubt(row *Row)
}

// engine sends the rows of a plan and settles them. Every row that it takes
// ends in exactly one state, and each state is counted when it is reached.
type engine struct {
	plan    *Plan
	run     *journal.Run
	act     actor
	lanes   *lanes
	pace    *pacer
	doubts  *doubts // nil in create mode
	files   *files
	settler *settle.Settler // on the client that may wait
	before  *journal.Replay // what earlier sessions did
	log     *resumedLog     // nil: the run is new, or one of creates
	tag     string          // of the import: the first part of its tokens

	stop context.Context // ended: no further row is sent
	halt context.CancelCauseFunc
	send context.Context // ended: requests under way are given up

	mu      sync.Mutex
	rows    int64 // handed out by the reader
	stats   journal.Stats
	refused int64 // rows that count for --max-errors
	fault   error // what makes the account itself unreliable: exit 1
	drifted int64
}

// errTooMany stops a run at --max-errors.
var errTooMany = errors.New("too many rows were refused")

// work sends rows until there are none.
func (e *engine) work() {
	for row := range e.lanes.ready {
		e.carry(row)
	}
}

// carry sends one row once: intent, request, and what followed.
func (e *engine) carry(row *Row) {
	left, err := e.pace.enter(e.stop)
	if err != nil {
		e.leave(row)
		return
	}
	if err := e.intend(row, time.Now()); err != nil {
		e.pace.leave()
		e.broken(err)
		e.leave(row)
		return
	}
	v := e.act.send(e.send, row)
	e.account(left, v.err)
	e.take(row, v)
}

// intend writes down what is about to be sent: each time, since a later run
// waits until what was sent last cannot arrive any more.
func (e *engine) intend(row *Row, now time.Time) error {
	if row.first.IsZero() {
		row.first = now
	}
	return e.run.Intend(journal.Intent{
		Row: row.N, Line: row.Line, Attempt: row.attempt(), At: now, Token: row.Token, Record: row.Record, Qty: row.Change.Qty,
	})
}

// account tells the pacer how the request went.
func (e *engine) account(left time.Time, err error) {
	bad, busy, wait := trouble(err)
	if !bad {
		e.pace.went()
		return
	}
	if since, over := e.pace.failed(left, busy, wait); over {
		e.halt(failure.New(failure.Unavailable, "the API has answered nothing for %s: %w", since.Round(time.Second), err))
	}
}

// take does what a verdict says.
func (e *engine) take(row *Row, v verdict) {
	switch v.what {
	case ended:
		e.end(row, v)
	case again:
		row.last = v.err
		e.lanes.again(row)
	case stopped:
		e.halt(v.err)
		e.leave(row)
	case doubted:
		row.doubted, row.swept = true, false
		row.doubtAt, row.last = time.Now(), v.err
		row.sends++
		if e.send.Err() != nil {
			e.leave(row)
			return
		}
		e.act.doubt(row)
	}
}
