package ledger

import (
	"context"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
)

// maxSends is how often one row is sent in one session before it is given up.
const maxSends = 5

// actor is what the modes do differently.
type actor interface {
	// ready completes a row before its first sending. It may end the row.
	ready(row *pending) verdict
	// send sends a row once.
	send(ctx context.Context, row *pending) verdict
	// doubt takes a row whose answer was lost. It sees to it that the row is
	// sent again or ended.
	doubt(row *pending)
}

// rows is what an actor does with a row that it does not keep: sender has the
// account of all.
type rows interface {
	take(*pending, verdict) // does what a verdict says
	end(*pending, verdict)  // gives a row its state
	again(*pending)         // puts a row back among those that may be sent
	leave(*pending)         // gives up a row, because the run stops
	anyApplied() bool
}

// sender sends the rows of a plan and settles them. Every row that it takes
// ends in exactly one state, and each state is counted when it is reached.
type sender struct {
	run      *Run
	act      actor
	lanes    *lanes
	pace     pace
	adjuster *adjuster   // act, or nil in create mode
	log      *resumedLog // nil: the run is new, or one of creates
	tag      string      // of the import: the first part of its tokens

	observing sync.Mutex
	observers []Observer
	exact     bool // an observer must not hear of a row twice

	stop context.Context // ended: no further row is sent
	halt context.CancelCauseFunc
	send context.Context // ended: requests under way are given up

	mu      sync.Mutex
	rows    int64 // handed out by the reader
	stats   journal.Stats
	refused int64 // rows that count for --max-errors
	fault   error // what makes the account itself unreliable: exit 1
}

// pace decides when a request may leave, and hears how it went. It is safe for
// concurrent use.
type pace interface {
	// enter waits until a request may leave, and returns when it left. It fails only
	// when ctx ends first. Each one that entered ends in leave, went or failed.
	enter(ctx context.Context) (time.Time, error)
	// leave takes a request back that was not sent.
	leave()
	// went takes a good answer.
	went()
	// failed takes an answer that was trouble: busy says that fewer requests may
	// help, wait is what the API asked for. It returns how long nothing has gone
	// well, and whether that is too long.
	failed(left time.Time, busy bool, wait time.Duration) (since time.Duration, over bool)
	// size is how many requests may be under way, for the progress line.
	size() int
}

// work sends rows until there are none.
func (s *sender) work() {
	for row := range s.lanes.ready {
		s.carry(row)
	}
}

// carry sends one row once: intent, request, and what followed.
func (s *sender) carry(row *pending) {
	left, err := s.pace.enter(s.stop)
	if err != nil {
		s.leave(row)
		return
	}
	if err := s.intend(row, time.Now()); err != nil {
		s.pace.leave()
		s.broken(err)
		s.leave(row)
		return
	}
	v := s.act.send(s.send, row)
	s.account(left, v.err)
	s.take(row, v)
}

// intend writes down what is about to be sent: each time, since a later run
// waits until what was sent last cannot arrive any more.
func (s *sender) intend(row *pending, now time.Time) error {
	if row.first.IsZero() {
		row.first = now
	}
	return s.run.journal.Intend(journal.Intent{
		Row: row.N, Line: row.Line, Attempt: row.attempt(), At: now, Token: row.Token, Record: row.Record, Qty: row.Change.Qty,
	})
}

// account tells the pacer how the request went.
func (s *sender) account(left time.Time, err error) {
	bad, busy, wait := trouble(err)
	if !bad {
		s.pace.went()
		return
	}
	if since, over := s.pace.failed(left, busy, wait); over {
		s.halt(failure.New(failure.Unavailable, "the API has answered nothing for %s: %w", since.Round(time.Second), err))
	}
}

// again puts a row back among those that may be sent.
func (s *sender) again(row *pending) { s.lanes.again(row) }

// take does what a verdict says.
func (s *sender) take(row *pending, v verdict) {
	switch v.what {
	case ended:
		s.end(row, v)
	case again:
		row.last = v.err
		s.again(row)
	case stopped:
		s.halt(v.err)
		s.leave(row)
	case doubted:
		row.doubted = true
		row.doubtAt, row.last = time.Now(), v.err
		row.sends++
		if s.send.Err() != nil {
			s.leave(row)
			return
		}
		s.act.doubt(row)
	}
}
