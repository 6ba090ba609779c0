package pace

import (
	"math"
	"slices"
	"time"
)

// guess is what was learnt from overshoots that cost a pause.
type guess struct {
	start  []float64 // ages of the requests before the first overshoot, in seconds
	first  float64   // the tempo at which it began; 0: there was none
	depth  int       // concurrent requests then
	bounds           // of the rate, if the bucket holds one request
	cap    int       // the limit of concurrent requests, if a burst of that many is accepted; 0: none
	ages   []float64 // ages of the requests before the last overshoot
	passed int       // requests of the burst that were accepted
	failed int       // requests of the burst that were refused
	size   float64   // of the bucket; 0: not known
	window float64   // requests per second, if it was a window as long as the pause; -1: it was not
	again  bool      // as many requests were accepted as before, or also many of the next window
	even   bool      // the bucket holds one request, so they are spaced evenly
	early  int       // consecutive overshoots that came soon
	probes int       // consecutive probes that were refused
	limit  float64   // the highest tempo that followed from all this
	shared int       // how many programs may use that limit together
}

// setback is an overshoot that cost a pause.
type setback struct {
	over   *overshoot
	ages   []float64 // of the requests accepted before it, in seconds
	went   float64   // seconds without refusals before it
	cost   float64   // seconds of the pause
	proven float64   // the tempo that was held before; 0: none was
	least  float64   // the rate accepted, including the pause: no limit is lower
	bounds           // of the rate, if the bucket holds one request
}

const (
	below         = .97  // share of a known limit to use
	near          = 1.3  // times the tempo held: a refusal below this means the limit is unchanged
	windowed      = .47  // share of the bucket found: a window that allows less is ruled out
	oddWindow     = .8   // the same if another number of requests was accepted than before
	nextWindow    = 1.45 // times the requests that a window allows: the next one had begun
	evenBack      = .03  // how much slower than the refused tempo, if requests are spaced evenly
	evenPays      = 40   // times the cost of a pause: how rare refusals should be then
	enoughRefused = 4    // refusals that show at once whether the limit is one of depth
	soon          = 3    // times the cost of a pause
	mostEarly     = 3    // overshoots sooner than that until everything is forgotten
	failed        = 1.15 // times the tempo held: the most that follows from a probe that found nothing
	lowered       = .6   // share of the best tempo held: below it, a higher one is tried sooner
)

// judgePaused ends an overshoot after its Retry-After. Each costs the full pause, so the
// limiter must learn from few of them.
func (l *Limiter) judgePaused(now time.Time) {
	o, g := &l.over, &l.guess
	l.depths.hold = max(l.depths.hold, holdCostly)
	switch {
	case l.good == 0: // the same overshoot continues
		l.restart(now)
		l.dry = true
		return
	case !g.even && (g.first > 0 && g.failed == 0 || o.bad >= enoughRefused) && l.depths.judge(now, l.flying, trialsCostly):
		l.tempo.seek()
	default:
		s := setback{
			over: o, ages: l.sent.before(o.first), proven: l.tempo.proven,
			went: max(o.first.Sub(l.epoch).Seconds(), .001), cost: now.Sub(o.first).Seconds(),
		}
		s.least = float64(l.good) / (s.went + s.cost)
		o.tempo = max(o.tempo, nearest(s.ages))
		s.bounds = boundsOf(l.sent, o.refused)
		l.setBack(s, now)
	}
	l.restart(now)
}

// setBack sets the tempo after a pause.
func (l *Limiter) setBack(s setback, now time.Time) {
	g := &l.guess
	if g.early++; s.went > soon*s.cost {
		g.early = 0
	}
	elsewhere := g.even && s.proven > 0 && s.over.tempo > far*s.proven // far more was accepted than before
	if g.early > mostEarly || elsewhere {                              // the guess is wrong
		*g = guess{}
	}
	g.takeWindow(s, float64(l.good))
	switch {
	case g.first == 0:
		l.begin(s, now)
	case g.failed > 0 && s.went < burstLasts:
		l.measured(s, now)
	default:
		g.passed, g.failed = 0, 0
		next, goal, sure := l.back(s)
		next = max(next, s.least, g.share(s))
		if g.probes++; next > failed*s.proven {
			g.probes = 0
		}
		g.limit = max(g.limit, next)
		hold := l.holdFor(s, next, sure)
		l.tempo.set(next, max(next, goal), now, hold)
		if hold < holdNew && !g.even {
			l.tempo.growth = unsureProbe
		}
		if g.even {
			l.tempo.drift = evenBack / (evenPays * max(s.cost, 1))
		}
	}
}

// share returns the part of the limit that this program can expect if others use it, too:
// half of it, and less each time that was refused soon. A tempo that is refused sooner than
// its own requests explain is not cut below this.
func (g *guess) share(s setback) float64 {
	if g.shared = max(g.shared, 2); g.early == 0 {
		g.shared = 2
	} else if s.over.tempo < 1.1*g.limit/float64(g.shared) {
		g.shared++
	}
	if s.proven > 0 || g.window > 0 {
		return 0
	}
	return min(s.over.tempo, g.limit/float64(g.shared))
}

// holdFor returns how long to hold a tempo. The tempo must recover within half a minute
// of any pause, so no hold is much longer than half of that.
func (l *Limiter) holdFor(s setback, tempo float64, sure bool) time.Duration {
	known := l.good >= enough || l.guess.size >= 3
	sure = sure && known && tempo >= lowered*l.tempo.best
	switch {
	case sure && (s.proven > 0 || s.went >= soon*s.cost || l.guess.size >= 3):
		return holdCostly
	case sure:
		return holdNew
	}
	return min(holdUnsure<<min(l.guess.probes, 8), holdAgain)
}

// back returns the tempo after a pause, the goal to which it may rise quickly, and whether
// that is more than a guess.
func (l *Limiter) back(s setback) (next, goal float64, sure bool) {
	o, g, proven := s.over, &l.guess, s.proven
	found := 0.0
	if !g.even {
		found = g.bucket(s.ages, s.least, o.tempo)
	}
	if found < proven && o.tempo > near*proven { // a higher tempo was held: not that bucket
		found = 0
	}
	known, where := found > 0 && g.size >= several, proven > 0 && o.tempo < near*proven
	switch {
	case g.even && l.good < enough && s.low > 0 && s.high < .95*o.tempo:
		next = below * s.between()
	case g.even && l.good <= 2:
		next, goal = o.tempo/mostCut, o.tempo
	case g.even:
		next = (1 - evenBack*math.Exp2(float64(g.early))) * o.tempo
		if where {
			next = min(next, proven)
		}
	case known && g.inWindows(found):
		next = below * min(g.window, o.tempo)
	case known:
		next = below * found
	case where:
		next = proven + .1*(o.tempo-proven)
	case proven > 0: // it is somewhere between
		next = below * math.Sqrt(proven*o.tempo)
		if o.tempo > 2*proven {
			goal, g.window = o.tempo, 0
		}
	case found > 0 || g.window == 0:
		next = o.tempo * (1 - .35*s.cost/(s.went+s.cost)) // the sooner refused, the slower
	default:
		next = below * min(float64(l.good)/o.asked, float64(l.good)/s.went, o.tempo)
	}
	if n := float64(o.good); n >= 12 && !known && !g.even {
		next = max(next, .96*n/o.span())
		goal = max(goal, min(o.tempo, next*(1+2/n)))
	}
	return next, goal, known || g.even || where
}

// inWindows reports whether a window of time explains an overshoot better than the bucket
// that was found. If it is wrong about a bucket, the tempo stays low for long. If it is
// wrong about a window, that costs one more pause.
func (g *guess) inWindows(found float64) bool {
	if g.again {
		return g.window > windowed*found
	}
	return g.window > oddWindow*found
}

// takeWindow considers a window of time that is as long as the pause.
func (g *guess) takeWindow(s setback, good float64) {
	went, asked := s.went, s.over.asked
	if g.failed > 0 || g.window < 0 {
		return
	}
	allows := g.window * asked
	g.again = allows > 0 && (math.Abs(good-allows) <= 1 || good >= nextWindow*allows)
	if n := good / asked; went <= asked && n < g.window/2 { // other programs use the limit, too
		g.window = -1
		return
	} else if went <= asked && (g.window == 0 || n < g.window) {
		g.window = n
	}
	lately, _ := slices.BinarySearch(s.ages, 2*asked)
	if went > 1.5*asked && max(good/went, float64(lately)/asked/2) > 1.2*g.window {
		g.window = 0 // a higher rate was accepted for longer
	}
}

// bucket returns the rate of the token bucket that explains this overshoot, or 0. The
// bucket has the known size or, if that is unknown, also explains the overshoot before.
func (g *guess) bucket(ages []float64, low, high float64) (found float64) {
	if g.early > 1 { // the size that was found does not explain this one
		g.size = 0
	}
	if g.size > 0 {
		found = root(func(rate float64) float64 { return burst(ages, rate) - g.size }, low, high)
	}
	if found == 0 && g.ages != nil {
		if found = fit(g.ages, ages, low, high); found > 0 {
			g.size = burst(ages, found)
		}
	}
	g.ages = ages
	return found
}

// nearest returns the tempo of the last few requests.
func nearest(ages []float64) (rate float64) {
	for i, age := range ages[:min(len(ages), 3)] {
		if i > 0 || len(ages) == 1 {
			rate = max(rate, float64(i+1)/age)
		}
	}
	return rate
}
