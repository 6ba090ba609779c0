package pace

import (
	"context"
	"math"
	"sync"
	"time"
)

// Kind is the kind of a request.
type Kind int

// The kinds. The window never delays a read, because a write in it may need the read.
const (
	Write Kind = iota
	Read
)

// writesFirst is how many writes leave between two reads if both are waiting.
const writesFirst = 3

// Gate releases requests as its limiter allows. It is safe for concurrent use.
type Gate struct {
	mu      sync.Mutex
	limiter *Limiter
	waiting [2][]*waiter // by kind, in order of arrival
	writes  int          // writes since the last read
	armed   time.Time    // when the timer ends; zero: there is none
	since   time.Time    // when the wait for the API's limit began
	moved   time.Time    // when a write was released, or began to wait alone
	waited  time.Duration
	read    time.Duration // the fastest answer to a read

	leader Leader        // the gate of another process, which releases the requests; nil: this one does
	led    time.Duration // how long requests had waited there before this gate followed
	away   int           // requests in flight that the leader released
}

type waiter struct {
	ready  chan struct{} // closed when it may leave
	ticket *Ticket
	left   bool
}

// NewGate returns a gate that delays nothing until a request is refused.
func NewGate() *Gate { return &Gate{limiter: NewLimiter(Options{}, time.Now())} }

// Open sets the bounds from now on.
func (g *Gate) Open(o Options) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limiter.open(o)
	g.pump()
}

// Enter waits until a request may leave. It fails only if ctx ends first. The ticket must
// be passed to Leave or Cancel.
func (g *Gate) Enter(ctx context.Context, kind Kind) (*Ticket, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if t, err := g.ask(ctx, kind); t != nil || err != nil {
		return t, err
	}
	w := &waiter{ready: make(chan struct{})}
	g.mu.Lock()
	if kind == Write && len(g.waiting[Write]) == 0 {
		g.moved = time.Now()
	}
	g.waiting[kind] = append(g.waiting[kind], w)
	g.pump()
	left := w.left
	g.mu.Unlock()
	if left {
		return w.ticket, nil
	}
	select {
	case <-w.ready:
		return w.ticket, nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if w.left {
		g.limiter.Unsent(w.ticket)
	} else {
		g.forget(w, kind)
	}
	g.pump()
	return nil, context.Cause(ctx)
}

func (g *Gate) forget(w *waiter, kind Kind) {
	for i, one := range g.waiting[kind] {
		if one == w {
			g.waiting[kind] = append(g.waiting[kind][:i], g.waiting[kind][i+1:]...)
			return
		}
	}
}

// Depart records that a request has left this machine, so that the next one is spaced from
// it. It is called at most once, if the departure is known.
func (g *Gate) Depart(t *Ticket) {
	if t.leader != nil {
		t.leader.Depart(t.id)
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.limiter.Departed(t, time.Now()) {
		g.pump()
	}
}

// Leave records the result of a request. after is how long the API asked to wait.
func (g *Gate) Leave(t *Ticket, kind Kind, a Answer, after time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if took := now.Sub(t.at); kind == Read && a == Good && (g.read == 0 || took < g.read) {
		g.read = took
	}
	if kind == Write && a == Good {
		g.limiter.Wrote()
	}
	if t.leader == nil {
		g.limiter.Answered(t, now, a, after)
		g.tell(after)
		g.pump()
	} else if g.back(t, after) {
		t.leader.Leave(t.id, kind, a, after)
	}
}

// Cancel returns the ticket of a request that was not made.
func (g *Gate) Cancel(t *Ticket) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if t.leader == nil {
		g.limiter.Unsent(t)
		g.pump()
	} else if g.back(t, 0) {
		t.leader.Cancel(t.id)
	}
}

// Hear uses a limit that the API states.
func (g *Gate) Hear(s Stated) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limiter.Hear(time.Now(), s)
	if g.leader != nil {
		g.leader.Hear(s)
	}
}

// pump releases all requests that may leave. The caller holds the lock.
func (g *Gate) pump() {
	now := time.Now()
	if !g.since.IsZero() {
		g.waited += now.Sub(g.since)
		g.since = time.Time{}
	}
	for {
		kind, any := g.next(now)
		if !any {
			return
		}
		wait := g.limiter.Wait(now, kind == Read)
		if wait == Blocked {
			return
		}
		if wait > 0 {
			if g.limiter.waits(now) {
				g.since = now
			}
			g.arm(now.Add(wait))
			return
		}
		g.admit(kind, now)
	}
}

// next returns the kind of the next request, or false if none is waiting.
func (g *Gate) next(now time.Time) (Kind, bool) {
	writes, reads := len(g.waiting[Write]) > 0, len(g.waiting[Read]) > 0
	switch {
	case reads && (!writes || g.writes >= writesFirst || g.limiter.Wait(now, false) == Blocked):
		return Read, true
	case writes:
		return Write, true
	}
	return Write, false
}

func (g *Gate) admit(kind Kind, now time.Time) {
	w := g.waiting[kind][0]
	g.waiting[kind][0] = nil
	g.waiting[kind] = g.waiting[kind][1:]
	if g.writes++; kind == Read {
		g.writes = 0
	} else {
		g.moved = now
	}
	w.ticket, w.left = g.limiter.Sent(now), true
	close(w.ready)
}

// fine is how late the runtime's timers may be. The kernel's are more accurate.
const fine = 1500 * time.Microsecond

// arm schedules a call of pump.
func (g *Gate) arm(at time.Time) {
	if !g.armed.IsZero() && !at.Before(g.armed) {
		return
	}
	g.armed = at
	time.AfterFunc(max(0, time.Until(at)-fine), func() {
		sleepUntil(at)
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.armed.Equal(at) {
			g.armed = time.Time{}
			g.pump()
		}
	})
}

// Report is what a gate has learnt.
type Report struct {
	PerSecond float64       // the limit of requests per second; 0: no limit is known
	AtATime   int           // the limit of concurrent requests; 0: no limit is known
	Waited    time.Duration // how long requests waited for the limits of the API
	Width     int           // how many writes may be in progress
	Paused    time.Duration // how long the API asked not to be called from now on
	Blocked   time.Duration // how long writes have waited since one was released or a pause ended
	Unlimited bool          // many requests per second, and no sign of a limit
}

// Report returns what was learnt so far.
func (g *Gate) Report() Report {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	r := Report{Waited: g.waited, Width: g.limiter.Width(), Paused: max(0, g.limiter.until.Sub(now))}
	r.PerSecond, r.AtATime = g.limiter.Allowed()
	if len(g.waiting[Write]) > 0 {
		r.Blocked = max(0, now.Sub(later(g.moved, g.limiter.until)))
	}
	r.Unlimited = g.limiter.unlimited(now) && g.limiter.tempo.now >= freely
	if !g.since.IsZero() {
		r.Waited += now.Sub(g.since)
	}
	if g.leader != nil {
		led := g.leader.Report()
		led.Waited += r.Waited - g.led
		return led
	}
	return r
}

// Latency returns how long the fastest read took, or 0 if none was answered.
func (g *Gate) Latency() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.read
}

// waits reports whether the API's limit delays requests now, and not the user's bound or
// a careful start.
func (l *Limiter) waits(now time.Time) bool {
	return l.until.After(now) || l.tempo.learnt && !math.IsInf(l.tempo.now, 1) && (l.rate == 0 || l.tempo.now < l.rate)
}
