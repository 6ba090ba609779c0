package peers

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/pace"
)

// errStuck is the error of a leader whose requests, or those of a follower, take so long
// that no other can leave. Each run continues on its own.
var errStuck = errors.New("no request could leave for a long time")

// stuckAfter is after how many times the longest silence that is. It is longer than the
// slowest tempo makes a request wait.
const stuckAfter = 3

// lead lets others follow the gate until ctx ends, or until that would hold them up.
func lead(ctx context.Context, listener net.Listener, gate *pace.Gate, open func(net.Conn) *link) error {
	ctx, quit := context.WithCancelCause(ctx)
	defer quit(nil)
	defer context.AfterFunc(ctx, func() { _ = listener.Close() })()
	var guests sync.WaitGroup
	defer guests.Wait()
	for {
		conn, err := listener.Accept()
		if ctx.Err() != nil && err != nil {
			return context.Cause(ctx)
		}
		if err != nil { // such as too many open files
			time.Sleep(nextTry)
			continue
		}
		guests.Go(func() { serve(ctx, open(conn), gate, quit) })
	}
}

// guest is a process that follows the gate.
type guest struct {
	*link
	gate *pace.Gate
	left int64 // the writes that are left

	mu      sync.Mutex
	waiting map[uint64]context.CancelFunc // requests that wait
	tickets map[uint64]*pace.Ticket       // requests in flight
}

// serve releases the requests of a process until it is gone or ctx ends.
func serve(ctx context.Context, l *link, gate *pace.Gate, quit context.CancelCauseFunc) {
	defer l.close()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(ctx, l.close)()
	m, err := l.receive()
	if err != nil || m.Op != hello || m.Options.Most < 1 {
		return
	}
	g := &guest{
		link: l, gate: gate, left: m.Options.Left,
		waiting: map[uint64]context.CancelFunc{}, tickets: map[uint64]*pace.Ticket{},
	}
	gate.Admit(m.Options)
	var group sync.WaitGroup
	group.Go(func() {
		l.beat(ctx.Done(), func() message {
			r := gate.Report()
			if r.Blocked > stuckAfter*l.silence {
				quit(errStuck)
			}
			return message{Op: alive, Report: r}
		})
	})
	for err == nil {
		if m, err = l.receive(); err == nil {
			err = g.receive(ctx, m, &group)
		}
	}
	stop()
	l.close()
	group.Wait()
	for _, t := range g.tickets {
		gate.Cancel(t)
	}
	gate.Dismiss(pace.Options{Most: m.Options.Most, Left: g.left})
}

// mostAsked is more requests than one run has in flight.
const mostAsked = 10_000

func (g *guest) receive(ctx context.Context, m message, group *sync.WaitGroup) error {
	switch m.Op {
	case enter:
		entering, end := context.WithCancel(ctx)
		if !g.await(m.ID, end) {
			end()
			return errUnsound
		}
		group.Go(func() { g.enter(entering, m) })
	case depart:
		if t := g.ticket(m.ID); t != nil {
			g.gate.Depart(t)
		}
	case leave:
		if t := g.take(m.ID); t != nil {
			g.gate.Leave(t, m.Kind, m.Answer, m.After)
			if m.Kind == pace.Write && m.Answer == pace.Good {
				g.left = max(0, g.left-1)
			}
		}
	case cancel:
		if t := g.take(m.ID); t != nil {
			g.gate.Cancel(t)
		}
	case hear:
		g.gate.Hear(m.Stated)
	}
	return nil
}

// await adds a request that waits. It refuses a second one with the same number, because
// the first would never end.
func (g *guest) await(id uint64, end context.CancelFunc) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.waiting[id] != nil || g.tickets[id] != nil || len(g.waiting)+len(g.tickets) >= mostAsked {
		return false
	}
	g.waiting[id] = end
	return true
}

// enter waits for a request of the guest, and releases it unless it was cancelled.
func (g *guest) enter(ctx context.Context, m message) {
	t, err := g.gate.Enter(ctx, m.Kind)
	g.mu.Lock()
	end, wanted := g.waiting[m.ID]
	delete(g.waiting, m.ID)
	if err == nil && wanted {
		g.tickets[m.ID] = t
	}
	g.mu.Unlock()
	switch {
	case err != nil:
	case wanted:
		end()
		g.send(message{Op: admit, ID: m.ID})
	default:
		g.gate.Cancel(t)
	}
}

// ticket returns the ticket of a request in flight, or nil.
func (g *guest) ticket(id uint64) *pace.Ticket {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.tickets[id]
}

// take removes a request, and returns its ticket if it is in flight. If it still waits,
// it no longer does.
func (g *guest) take(id uint64) *pace.Ticket {
	g.mu.Lock()
	defer g.mu.Unlock()
	if end := g.waiting[id]; end != nil {
		end()
		delete(g.waiting, id)
	}
	t := g.tickets[id]
	delete(g.tickets, id)
	return t
}
