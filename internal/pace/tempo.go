package pace

import (
	"math"
	"time"
)

const (
	firstTempo  = 64  // requests per second
	fastest     = 1e6 // the highest finite tempo
	slowest     = .2
	doubling    = .16 // seconds in which the tempo doubles while no limit is known
	quicker     = 500 // requests per second above which it doubles sooner
	firstProbe  = .02 // growth at the start of a probe, per second
	slowProbe   = .15 // the fastest growth of a probe
	fastProbe   = 1   // the same if it is far from the tempo held before
	far         = 2   // times the tempo held: above it, the limit is somewhere else
	unsureProbe = .1  // growth at the start of a probe if the last cut was a guess
)

// tempo is the number of requests per second.
type tempo struct {
	now    float64 // +Inf: none
	actual float64 // recent departures per second
	learnt bool    // a limit was met, or stated
	goal   float64 // it rises quickly to this, and probes above it
	stated float64 // by the API, as the upper bound; 0: nothing
	span   float64 // the longest window that the API stated, in seconds

	hold   time.Duration // how long it stays at its goal
	probe  time.Time     // when it begins to rise above its goal
	growth float64       // of a probe
	drift  float64       // growth while it is held, per second
	proven float64       // the tempo held until this probe
	best   float64       // the highest tempo ever held
	before float64       // the tempo before the last cut that cost no pause
}

func newTempo(o Options, stated float64) tempo {
	t := tempo{now: math.Inf(1), actual: firstTempo, goal: math.Inf(1), stated: stated}
	if o.Seek {
		t.now = firstTempo
	}
	return t
}

// sent records a departure, gap seconds after the one before. frozen means that the tempo
// is being judged, and lasts is how long the writes that are left will take.
func (t *tempo) sent(now time.Time, gap float64, frozen bool, lasts time.Duration) {
	memory := max(.02, 8/min(t.now, fastest))
	t.actual = t.actual*math.Exp(-gap/memory) + 1/memory
	if frozen || math.IsInf(t.now, 1) {
		return
	}
	gap = min(gap, 2/t.now) // idle time is not a reason to grow
	switch {
	case !t.learnt:
		grown := t.now * math.Exp2(gap/doubling/min(1, quicker/t.now))
		t.now = min(grown, max(t.now, 2*t.actual))
	case t.now < .99*t.goal:
		t.now = min(t.goal, t.now*min(1.25, math.Exp(gap*max(.7, math.Log(t.goal/t.now)))))
		t.probe = now.Add(t.hold)
	case now.Before(t.probe), t.proven == 0 && lasts < t.hold: // a probe costs more than it could gain
		t.now *= math.Exp(gap * t.drift)
		t.goal = max(t.goal, t.now)
	default:
		if t.proven == 0 {
			t.proven = t.goal
			t.best = max(t.best, t.goal)
		}
		t.now *= math.Exp(gap * t.growth)
		most := slowProbe
		if t.now < lowered*t.best || t.now > far*t.proven {
			most = fastProbe
		}
		t.growth = min(most, t.growth*math.Exp2(gap))
	}
	t.now = min(t.now, fastest)
	if t.stated > 0 {
		t.now = min(t.now, t.stated)
	}
}

// set starts again below a limit that was met.
func (t *tempo) set(now, goal float64, at time.Time, hold time.Duration) {
	if t.stated > 0 {
		now, goal = min(now, t.stated), min(goal, t.stated)
	}
	t.now = max(now, slowest)
	t.goal = max(goal, t.now)
	t.learnt, t.hold, t.probe, t.growth, t.proven = true, hold, at.Add(hold), firstProbe, 0
	t.drift = 0
}

// seek searches for the limit again, from the current tempo.
func (t *tempo) seek() { t.learnt, t.goal = false, math.Inf(1) }

// reached returns the actual tempo of requests. It is below the allowed one if the window
// delays them.
func (t *tempo) reached() float64 {
	if t.actual > .6*t.now {
		return t.now
	}
	return max(t.actual, 1)
}
