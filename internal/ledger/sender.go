package ledger

import (
	"context"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/pace"
)

// maxSends is how often one row is sent in one session before it is given up.
const maxSends = 5

// actor is what the modes do differently.
type actor interface {
	// prepare completes a row before its first sending. It may end the row.
	prepare(row *pending) verdict
	// send sends a row once.
	send(ctx context.Context, row *pending) verdict
	// doubt takes a row whose answer was lost. It sees to it that the row is
	// sent again or ended.
	doubt(row *pending)
}

// rows is what an actor does with a row that it does not keep: sender has the
// account of all.
type rows interface {
	carryOut(*pending, verdict) // does what a verdict says
	end(*pending, verdict)      // gives a row its state
	again(*pending)             // puts a row back among those that may be sent
	leave(*pending)             // gives up a row, because the run stops
	anyApplied() bool
}

// sender sends the rows of a plan and settles them. Every row that it takes
// ends in exactly one state, and each state is counted when it is reached.
type sender struct {
	run      *Run
	act      actor
	lanes    *lanes
	pace     *pacer
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

// work sends rows until there are none.
func (s *sender) work() {
	for row := range s.lanes.ready {
		s.carry(row)
	}
}

// carry sends one row once: intent, request, and what followed.
func (s *sender) carry(row *pending) {
	ticket, err := s.pace.enter(s.stop)
	if err != nil {
		s.leave(row)
		return
	}
	if err := s.intend(row, time.Now()); err != nil {
		s.pace.leave(ticket)
		s.broken(err)
		s.leave(row)
		return
	}
	v := s.act.send(s.pace.watch(s.send, ticket), row)
	s.account(ticket, v.err)
	s.carryOut(row, v)
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
func (s *sender) account(ticket *pace.Ticket, err error) {
	answer, wait := answerOf(err)
	if answer == pace.Good {
		s.pace.went(ticket)
		return
	}
	if since, over := s.pace.failed(ticket, answer, wait); over {
		s.halt(failure.New(failure.Unavailable, "the API has answered nothing for %s: %w", since.Round(time.Second), err))
	}
}

// again puts a row back among those that may be sent.
func (s *sender) again(row *pending) { s.lanes.again(row) }

// carryOut does what a verdict says.
func (s *sender) carryOut(row *pending, v verdict) {
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
