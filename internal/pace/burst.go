package pace

import (
	"cmp"
	"math"
	"time"
)

const (
	burstShare    = .03  // share of the requests per second at the refused tempo
	burstLeast    = 4    // the fewest requests in a burst
	burstLasts    = .1   // how long a burst takes to leave, in seconds
	enoughBefore  = 8    // requests before the first refusal: with fewer, the size says little about the rate
	deeper        = 1.4  // times an accepted burst: the assumed size of a bucket
	share         = .75  // of a request: the average content of a bucket when it refuses one
	mostCut       = 3    // the most to divide the tempo by while little is known
	burstCut      = 4    // the same if a burst follows
	drift         = .001 // growth per second of a held tempo after a burst
	doubtDrift    = .06  // the same, times the doubt, if that is greater than mostDoubt
	mostDoubt     = .1
	measuredDrift = .003 // the same after a burst that was refused
	evenCut       = .08  // how much slower than the refused tempo they begin
)

// begin handles the first pause. A small bucket that fills quickly explains it as well as a
// large one that fills slowly. After the pause the bucket is full, and a burst shows its
// size.
func (l *Limiter) begin(s setback, now time.Time) {
	o, g := s.over, &l.guess
	if len(s.ages) == 0 {
		*g = guess{}
		l.tempo.set(o.tempo/mostCut, o.tempo, now, 0)
		return
	}
	g.start, g.ages, g.first, g.depth = s.ages, s.ages, o.tempo, o.depth
	g.bounds = bounds{low: cmp.Or(s.low, o.tempo), high: min(s.high, fastest)}
	if l.good <= 2 {
		g.even, g.early = true, 0
		l.tempo.set(o.tempo/mostCut, o.tempo, now, 0)
		return
	}
	l.burst = max(burstLeast, int(math.Ceil(burstShare*o.tempo)))
	g.cap = 0
	if n := o.depth - 1; n >= l.burst && l.depths.deepest() < n { // no accepted one was as deep
		l.burst, g.cap, l.depths.width = n, n, n
	}
	if l.depths.most > 0 {
		l.burst = min(l.burst, max(l.depths.most, burstLeast))
	}
	next := max(below*g.rate(deeper*float64(l.burst), s.least), o.tempo/burstCut)
	if n := float64(o.good); n >= 5 {
		next = max(next, .93*n/o.span())
	}
	g.limit = min(next, float64(l.good)/s.went)
	doubt := 1 / (next * s.ages[len(s.ages)-1]) // the share of one request more or less
	if doubt < mostDoubt && next >= lowered*l.tempo.best {
		l.tempo.set(next, next, now, holdFirst)
		l.tempo.drift = drift
		return
	}
	l.tempo.set(next, next, now, holdNew)
	l.tempo.drift = doubtDrift * doubt
}

// inBurst reports whether the next request is part of a burst. If the user set a rate,
// there are none.
func (l *Limiter) inBurst() bool { return l.burst > 0 && l.rate == 0 }

// bursting reports whether a request of a burst should leave now.
func (l *Limiter) bursting(now time.Time) bool {
	return l.inBurst() && l.over.asked == 0 && !now.Before(l.until)
}

// tested records the result of a request of the burst.
func (g *guess) tested(a Answer) {
	switch a {
	case Good:
		g.passed++
	case Refused:
		g.failed++
	}
}

// confirm assumes a limit of concurrent requests once a burst of that many was accepted.
func (l *Limiter) confirm(now time.Time) {
	g := &l.guess
	if g.cap == 0 || g.passed < g.cap {
		return
	}
	l.depths.meet(g.cap, now)
	l.tempo.now = max(l.tempo.now, g.first)
	l.tempo.seek()
	g.cap, g.passed = 0, 0
}

// measured handles a burst that was partly refused: the number accepted is the size of the
// bucket, or the limit of concurrent requests.
func (l *Limiter) measured(s setback, now time.Time) {
	g := &l.guess
	size := max(1, g.passed)
	g.passed, g.failed, g.early, l.burst = 0, 0, 0, 0
	if size == g.depth-1 && l.depths.deepest() < size {
		l.tempo.seek()
		l.depths.meet(size, now)
		return
	}
	next, hold := below*g.rate(float64(size), s.least), holdCostly
	if len(g.start) < enoughBefore {
		hold = 2 * holdUnsure
	}
	if g.even = size == 1; g.even {
		next = (1 - evenCut) * g.between()
	} else {
		g.size = float64(size) - share
	}
	next = max(next, g.first/mostCut/2)
	unsure := g.even && g.high > near*next
	if unsure {
		hold = holdUnsure
	}
	g.limit = next
	l.tempo.set(next, next, now, hold)
	l.tempo.drift = measuredDrift
	if unsure {
		l.tempo.growth = unsureProbe
	}
}

// rate returns the rate of the bucket, with the given size, that explains the first
// overshoot.
func (g *guess) rate(size, low float64) float64 {
	lack := func(rate float64) float64 { return lacking(g.start, rate) - (size - share) }
	if rate := root(lack, low, g.first); rate > 0 {
		return rate
	}
	if lack(g.first) > 0 {
		return g.first
	}
	return low
}
