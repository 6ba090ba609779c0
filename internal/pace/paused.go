package pace

import (
	"math"
	"time"
)

// guess is what overshoots that cost a pause have told so far.
type guess struct {
	ages   []float64 // of the requests before the last one
	burst  float64   // that the API allows, as they tell
	window float64   // requests a second, if it was a window as long as the pause
	safe   float64   // what was held without a refusal
	vain   int       // overshoots in a row that came before a tempo had been held
	spaced spacing
	met    float64 // the tempo that was refused last
	again  int     // how many times as long a tempo is held, as more was refused before
}

// judgePaused ends an overshoot whose Retry-After is over. Each costs as long as
// that, so that all is made of few of them.
func (l *Limiter) judgePaused(now time.Time) {
	if l.good == 0 { // the same overshoot goes on
		l.restart(now)
		l.dry = true
		return
	}
	if probed := l.depths.known > 0; l.depths.judge(now, l.flying, trialsCostly) {
		l.tempo.seek()
		if !probed && len(l.sent) > enough {
			// It may still be the tempo: one beyond what went well is only tried later.
			ages := l.sent.before(l.over.first)
			went := min(closest(ages), l.over.tempo)
			l.guess.ages = ages
			l.tempo.set(went, went, now, holdFree)
		}
		l.restart(now)
		return
	}
	l.setBack(now)
	l.restart(now)
}

// setBack finds the tempo after a pause.
func (l *Limiter) setBack(now time.Time) {
	o, g := &l.over, &l.guess
	s := setback{
		over: o, ages: l.sent.before(o.first), first: g.met == 0, proven: l.tempo.proven,
		went: max(o.first.Sub(l.epoch).Seconds(), .001), cost: now.Sub(o.first).Seconds(),
	}
	o.tempo = max(o.tempo, nearest(s.ages))
	through := float64(l.good) / (s.went + s.cost) // the pause included: no limit is lower
	found, single := g.bucket(s.ages, through, o.tempo)
	if found < s.proven && o.tempo > 1.3*s.proven { // more was held: it is no such bucket
		found = 0
	}
	again := g.confirm(s)
	if g.spaced.judge(s, single) {
		next, growth := g.spaced.tempo(s, closest(s.ages))
		l.tempo.set(next, next, now, 0)
		l.tempo.creep(growth / float64(again))
		return
	}
	next, goal := l.below(s, through, found)
	if g.vain++; s.proven > 0 {
		g.vain = 0
	}
	hold := holdUnsure
	switch {
	case g.vain > 3: // what was guessed does not hold
		*g = guess{safe: g.safe}
		next = min(next, .8*o.tempo)
		goal = next
	case next < .6*max(l.tempo.best, o.tempo):
	case next < lowTempo:
		hold = holdUnsure * time.Duration(min(again, 2))
	case again > 1 || found > s.proven && g.burst >= 3:
		hold = holdCostly * time.Duration(again)
	}
	l.tempo.set(next, goal, now, hold)
}

// confirm tells how many times as long the next tempo is to be held: the more often
// the same one was refused after another was held, the less a probe is likely to tell.
func (g *guess) confirm(s setback) int {
	near := g.met > 0 && math.Abs(s.over.tempo/g.met-1) < .15
	g.met = s.over.tempo
	switch {
	case near && s.proven > 0:
		g.again = min(2*g.again, longestAgain)
	case !near || g.again == 0:
		g.again = 1
	}
	return g.again
}

// below returns the tempo after a pause, and where it may climb to quickly.
func (l *Limiter) below(s setback, through, found float64) (next, goal float64) {
	o, g, proven := &l.over, &l.guess, l.tempo.proven
	went, cost, good, earlier := s.went, s.cost, float64(l.good), !s.first
	g.takeWindow(good, went, o.asked)

	cautious := o.tempo * (1 - .35*cost/(went+cost)) // the sooner refused, the slower
	switch {
	case found > 0 && g.burst >= 3:
		next = max(.98*found, .97*min(g.window, o.tempo))
		goal = next
	case proven > 0 && o.tempo < 1.3*proven: // the limit is where it was
		next = proven + .1*(o.tempo-proven)
		goal = next
	case proven > 0: // it is somewhere between
		next = .97 * math.Sqrt(proven*o.tempo)
		goal = next
		if o.tempo > 2*proven {
			goal, g.window = o.tempo, 0
		}
	case found > 0 || earlier && g.window == 0:
		next, goal = cautious, cautious
	case o.good+l.good < 8 && !earlier: // next to nothing is known
		next, goal = math.Sqrt(through*o.tempo), o.tempo
	default:
		next = .97 * min(good/o.asked, good/went, o.tempo, orInf(g.window))
		goal = o.tempo
		if n := float64(o.good); n >= 2 { // a window would have accepted none
			next = max(next, .6*n/(o.span()+1/o.tempo))
		}
		if earlier {
			goal = next
		}
	}
	if n := float64(o.good); (n >= 5 && !earlier || n >= 12) && (found == 0 || g.burst < 3) {
		next = max(next, .96*n/o.span())
		goal = max(goal, min(o.tempo, next*(1+2/n)))
	}
	next = max(next, through)
	if proven > 0 {
		g.safe = proven
	} else if g.safe *= .7; found == 0 || g.burst < 3 {
		next = max(next, min(g.safe, .9*o.tempo))
	}
	return next, goal
}

// takeWindow reckons with a window of time that is as long as the pause.
func (g *guess) takeWindow(good, went, asked float64) {
	if n := good / asked; went <= asked && (g.window == 0 || n < g.window) {
		g.window = n
	}
	if went > 1.5*asked && good/went > 1.2*g.window {
		g.window = 0 // more than that was accepted for longer
	}
}

// bucket returns the rate of the token bucket that explains this overshoot and the
// one before, or the size of an earlier bucket; 0 for none. one: it may hold but
// one request.
func (g *guess) bucket(ages []float64, low, high float64) (found float64, single bool) {
	if g.ages != nil {
		if found = fit(g.ages, ages, low, high); found > 0 {
			g.burst = burst(ages, found)
		} else if g.burst > 0 {
			found = root(func(rate float64) float64 { return burst(ages, rate) - g.burst }, low, high)
		}
		single = one(g.ages, high) && one(ages, high)
	}
	g.ages = ages
	return found, single
}
