package pace

import (
	"math"
	"time"
)

const (
	firstTempo = 64  // requests a second
	fastest    = 1e6 // no tempo is higher that is one
	slowest    = .2
	doubling   = .16 // seconds in which the tempo doubles while nothing is known
	quicker    = 500 // requests a second above which it doubles sooner
	firstProbe = .02 // growth at the start of a probe, per second
	fastProbe  = 1
)

// tempo is how many requests leave in a second.
type tempo struct {
	now    float64 // +Inf: none
	actual float64 // departures a second, lately
	learnt bool    // a limit was met, or stated
	goal   float64 // where it climbs to; beyond, it probes
	stated float64 // by the API: it does not rise above; 0: nothing
	span   float64 // seconds of the longest window that it stated

	hold   time.Duration // how long it stays at its goal
	probe  time.Time     // when it begins to rise above it
	growth float64       // of a probe
	drift  float64       // growth while it is held, per second
	proven float64       // what was held until this probe
	best   float64       // the highest that ever was
	before float64       // the last cut that cost no time
}

func newTempo(o Options, stated float64) tempo {
	t := tempo{now: math.Inf(1), actual: firstTempo, goal: math.Inf(1), stated: stated}
	if o.Seek {
		t.now = firstTempo
	}
	return t
}

// sent notes a departure, gap seconds after the one before. frozen: the tempo is
// being judged.
func (t *tempo) sent(now time.Time, gap float64, frozen bool) {
	memory := max(.02, 8/min(t.now, fastest))
	t.actual = t.actual*math.Exp(-gap/memory) + 1/memory
	if frozen || math.IsInf(t.now, 1) {
		return
	}
	gap = min(gap, 2/t.now) // an idle time is no reason to grow
	switch {
	case !t.learnt:
		grown := t.now * math.Exp2(gap/doubling/min(1, quicker/t.now))
		t.now = min(grown, max(t.now, 2*t.actual))
	case t.now < .99*t.goal:
		t.now = min(t.goal, t.now*min(1.25, math.Exp(gap*max(.7, math.Log(t.goal/t.now)))))
		t.probe = now.Add(t.hold)
	case now.Before(t.probe):
		t.now *= math.Exp(gap * t.drift)
		t.goal = max(t.goal, t.now)
	default:
		if t.proven == 0 {
			t.proven = t.goal
			t.best = max(t.best, t.goal)
		}
		t.now *= math.Exp(gap * t.growth)
		t.growth = min(fastProbe, t.growth*math.Exp2(gap))
	}
	t.now = min(t.now, fastest)
	if t.stated > 0 {
		t.now = min(t.now, t.stated)
	}
}

// set begins anew below a limit that was met.
func (t *tempo) set(now, goal float64, at time.Time, hold time.Duration) {
	if t.stated > 0 {
		now, goal = min(now, t.stated), min(goal, t.stated)
	}
	t.now = max(now, slowest)
	t.goal = max(goal, t.now)
	t.learnt, t.hold, t.probe, t.growth, t.proven = true, hold, at.Add(hold), firstProbe, 0
	t.drift = 0
}

// seek looks for the limit anew, from where the tempo is.
func (t *tempo) seek() { t.learnt, t.goal = false, math.Inf(1) }

// reached is the tempo at which requests leave. It is below the one that is
// allowed where the window keeps them back.
func (t *tempo) reached() float64 {
	if t.actual > .6*t.now {
		return t.now
	}
	return max(t.actual, 1)
}
