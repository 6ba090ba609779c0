package ledger

import (
	"context"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/pace"
)

// maxSends is how often a session sends a row before giving it up.
const maxSends = 5

// actor is the part of sending that depends on the mode.
type actor interface {
	// prepare completes a row before it is first sent. It may end the row.
	prepare(row *pending) verdict
	// send sends a row once.
	send(ctx context.Context, row *pending) verdict
	// resolve handles a row whose response was lost: it makes sure that the row is sent
	// again or ended.
	resolve(row *pending)
}

// rows are the operations on rows that an actor leaves to the sender, which accounts
// for them.
type rows interface {
	carryOut(*pending, verdict) // acts on a verdict
	end(*pending, verdict)      // sets the final state of a row
	sendAgain(*pending)         // queues a row to be sent again
	leave(*pending)             // gives up a row because the run is stopping
	anyApplied() bool
}

// sender sends the rows of a plan and settles them. Every row ends in exactly one
// state, which is counted when the row reaches it.
type sender struct {
	run      *Run
	act      actor
	lanes    *lanes
	pace     *pacer
	adjuster *adjuster   // same as act, or nil in create mode
	log      *resumedLog // nil if the run is new or creates records
	tag      string      // of the import: the first part of its tokens

	observing sync.Mutex
	observers []Observer
	exact     bool // an observer must not see a row twice

	stop context.Context // when done, no more rows are sent
	halt context.CancelCauseFunc
	send context.Context // when done, requests in flight are cancelled

	mu      sync.Mutex
	rows    int64 // read from the plan
	stats   journal.Stats
	refused int64 // rows that count for --max-errors
	fault   error // makes the account itself unreliable: exit 1
}

// work sends rows until none are left.
func (s *sender) work() {
	for row := range s.lanes.ready {
		s.attempt(row)
	}
}

// attempt sends one row once: it records the intent, sends the request and acts on the
// result.
func (s *sender) attempt(row *pending) {
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

// intend records what is about to be sent. Every attempt is recorded, because a later
// run waits until the last one can no longer arrive.
func (s *sender) intend(row *pending, now time.Time) error {
	if row.first.IsZero() {
		row.first = now
	}
	return s.run.journal.Intend(journal.Intent{
		Row: row.N, Line: row.Line, Attempt: row.attempt(), At: now, Token: row.Token, Record: row.Record, Qty: row.Change.Qty,
	})
}

// account reports the result of the request to the pacer.
func (s *sender) account(ticket *pace.Ticket, err error) {
	answer, wait := answerOf(err)
	if answer == pace.Good {
		s.pace.went(ticket)
		return
	}
	if since, over := s.pace.failed(ticket, answer, wait); over {
		s.halt(failure.New(failure.Unavailable, "the API has not responded properly for %s: %w", since.Round(time.Second), err))
	}
}

// sendAgain queues a row to be sent again.
func (s *sender) sendAgain(row *pending) { s.lanes.requeue(row) }

// carryOut acts on a verdict.
func (s *sender) carryOut(row *pending, v verdict) {
	switch v.what {
	case ended:
		s.end(row, v)
	case retry:
		row.last = v.err
		s.sendAgain(row)
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
		s.act.resolve(row)
	}
}
