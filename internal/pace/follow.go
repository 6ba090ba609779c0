package pace

import (
	"context"
	"errors"
	"math"
	"time"
)

// ErrLost is the error of a Leader that no longer responds.
var ErrLost = errors.New("the process that set the pace no longer responds")

// Leader is the gate of another process, which releases the requests of this one, too.
// Its methods are those of a Gate, with the leader's number of a ticket. After it is lost,
// they do nothing.
type Leader interface {
	Enter(ctx context.Context, kind Kind) (id uint64, err error) // ErrLost, or the cause of ctx
	Depart(id uint64)
	Leave(id uint64, kind Kind, a Answer, after time.Duration)
	Cancel(id uint64)
	Hear(s Stated)
	Report() Report // the newest that was received
}

// Follow lets a leader release the requests from now on. Each learns of the other's pause.
func (g *Gate) Follow(l Leader) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now, r := time.Now(), l.Report()
	g.leader, g.led = l, r.Waited
	g.tell(g.limiter.until.Sub(now))
	g.limiter.pause(now, r.Paused) // for requests that wait here
}

// tell lets the leader, if there is one, obey a pause that it does not know.
func (g *Gate) tell(after time.Duration) {
	if g.leader != nil && after > 0 {
		g.leader.Hear(Stated{Empty: true, Reset: min(after, longestReset)})
	}
}

// Unfollow releases the requests again, after the leader was lost. It begins with what the
// leader had learnt.
func (g *Gate) Unfollow() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.leader == nil {
		return
	}
	r := g.leader.Report()
	g.waited += r.Waited - g.led
	g.limiter.inherit(r, g.away, time.Now())
	g.leader, g.away = nil, 0
	g.pump()
}

// ask lets the leader release a request. Without one, it returns nil.
func (g *Gate) ask(ctx context.Context, kind Kind) (*Ticket, error) {
	leader := g.asked()
	if leader == nil {
		return nil, nil
	}
	id, err := leader.Enter(ctx, kind)
	if errors.Is(err, ErrLost) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.leader == leader {
		g.away++
	} else {
		g.limiter.flying++
	}
	return &Ticket{at: time.Now(), left: true, leader: leader, id: id}, nil
}

// asked returns the leader to ask, or nil if this gate releases the requests.
func (g *Gate) asked() Leader {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.leader != nil && g.limiter.unlimited(time.Now()) && g.leader.Report().Unlimited {
		g.limiter.tempo.now = max(g.limiter.tempo.now, freely)
		return nil
	}
	return g.leader
}

// freely is the tempo from which asking the leader would cost more than it gains, unless
// there is a limit.
const freely = 2000

// unlimited reports whether nothing indicates a limit.
func (l *Limiter) unlimited(now time.Time) bool {
	return !l.limited && !l.tempo.learnt && !l.until.After(now)
}

// back ends a request that a leader released, and reports whether this gate still follows
// it. The caller holds the lock.
func (g *Gate) back(t *Ticket, after time.Duration) bool {
	g.limiter.pause(time.Now(), after) // the leader may be lost before it learns of it
	if g.leader == t.leader {
		g.away--
		return true
	}
	g.tell(after)
	g.limiter.gone(t)
	g.pump()
	return false
}

// Left returns the writes that are left; 0: unknown.
func (g *Gate) Left() int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	if math.IsInf(g.limiter.left, 1) {
		return 0
	}
	return int64(g.limiter.left)
}

// Admit widens the bounds for the requests of another process, which follows this gate.
func (g *Gate) Admit(o Options) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limiter.depths.add(o.Most)
	g.limiter.left += float64(o.Left)
	g.pump()
}

// Dismiss narrows them again, with the writes that are still left.
func (g *Gate) Dismiss(o Options) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limiter.depths.add(-o.Most)
	g.limiter.left = max(0, g.limiter.left-float64(o.Left))
}

// inherit begins with what another limiter has learnt. Some of the requests that it
// released are still in flight.
func (l *Limiter) inherit(r Report, flying int, now time.Time) {
	l.flying += flying
	l.last = now
	l.pause(now, r.Paused)
	l.total = enough // if the leader knows a limit, it is one to report
	l.lasting = newLasting(now)
	switch {
	case r.AtATime > 0:
		l.tempo.seek()
		l.depths.meet(min(r.AtATime, l.depths.most), now)
	case r.PerSecond > 0:
		l.tempo.set(below*r.PerSecond, r.PerSecond, now, holdNew)
	}
	l.restart(now)
}

// add changes the most concurrent requests.
func (d *depths) add(n int) {
	d.most += n
	d.width = min(d.width, d.most)
	d.restart()
}
