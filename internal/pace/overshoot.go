package pace

import "time"

// overshoot is a period in which requests are refused, and what was learnt in it.
type overshoot struct {
	open    bool
	tempo   float64   // at its beginning
	depth   int       // concurrent requests at its beginning
	first   time.Time // departure of the first refused request
	newest  time.Time // departure of the newest answered request
	through time.Time // departure of the newest accepted request
	good    int       // requests accepted since
	bad     int       // requests refused since
	row     int       // consecutive refusals now
	longest int       // the most consecutive refusals
	refused history   // departures of the refused requests
	asked   float64   // the longest wait that the API asked for, in seconds; 0: none
}

func (o *overshoot) answered(sent time.Time, a Answer, after time.Duration) {
	o.asked = max(o.asked, after.Seconds())
	switch {
	case a == Refused:
		o.refused.add(sent)
		o.bad++
		o.row++
		o.longest = max(o.longest, o.row)
		if sent.Before(o.first) {
			o.first = sent
		}
	case !sent.Before(o.first):
		o.good++
		o.row = 0
		o.through = later(o.through, sent)
	}
	o.newest = later(o.newest, sent)
}

func (o *overshoot) span() float64 { return o.newest.Sub(o.first).Seconds() }

// How long to hold a tempo or a width before trying a higher one. This depends on the cost
// of a refusal and on what is known.
const (
	holdFree     = 3 * time.Second
	holdUnsure   = 2 * time.Second
	holdAgain    = 5 * time.Second
	holdNew      = 12 * time.Second
	holdCostly   = 20 * time.Second
	holdFirst    = 22 * time.Second
	trialsFree   = 3 // how often a limit of depth may be assumed wrongly
	trialsCostly = 1
)

// An overshoot is significant if more requests are refused than by chance.
const (
	fewRefused  = .03
	someRefused = .1
	manyRefused = .25
	mostNoise   = .5
)

// judge examines an overshoot without a Retry-After while it lasts. It costs little, so
// the limiter can observe it until it is understood.
func (l *Limiter) judge(now time.Time) {
	o := &l.over
	if o.good <= (o.good+o.bad)/16 {
		l.runDry(now)
		return
	}
	all, span := o.good+o.bad-1, o.span() // without the first one, which began it
	if (all < 24 || span < .05) && (all < 6 || span < .5) || now.Sub(o.first).Seconds() < 2*l.latency {
		return // a refusal may arrive sooner than the answer to an accepted request
	}
	share := float64(o.bad-1) / float64(all)
	excess := share - l.noise
	sure := all >= 100 || span >= 1
	t := &l.tempo
	switch {
	case excess > fewRefused && o.tempo < .93*t.before && now.Sub(l.epoch) < holdFree:
		// A slower tempo is refused, too, so the tempo is not the cause.
		l.noise, t.now, t.before = min(share, mostNoise), t.before, 0
		t.seek()
		l.restart(now)
	case excess <= manyRefused && !sure: // it may be chance
	case excess > fewRefused && l.noise < fewRefused && l.depths.judge(now, l.flying, trialsFree):
		t.seek()
		l.restart(now)
	case excess <= someRefused:
		l.noise = min(l.noise, max(share, 0))
		l.over = overshoot{}
	default:
		accepted := max(.97*float64(o.good)/max(o.through.Sub(o.first).Seconds(), .05), min(l.lately.rate(now), .97*o.tempo))
		if t.proven > 0 { // the tempo held before is likely to be accepted again
			accepted = max(accepted, .97*(t.proven+o.tempo)/2)
		}
		t.set(accepted, 1.02*accepted, now, holdFree)
		t.before = o.tempo
		l.restart(now)
	}
}

// runDry tries a single request from time to time while nearly all are refused, as at the
// end of a window of time.
func (l *Limiter) runDry(now time.Time) {
	gone := now.Sub(l.over.first)
	if l.over.bad < 4 || gone.Seconds() < .1+3*l.latency {
		return
	}
	l.dry = true
	l.until = now.Add(min(max(gone/8, 20*time.Millisecond), longestRest))
}

// awake ends a period in which nothing was accepted. The tempo becomes the average over
// this period and the one before.
func (l *Limiter) awake(now time.Time) {
	if l.over.open {
		switch through := max(l.cycle.rate(now), l.lately.rate(now)); {
		case l.depths.judge(now, l.flying, trialsFree):
			l.tempo.seek()
		case l.good > 1:
			l.tempo.set(through, 1.02*through, now, holdFree)
		}
		l.cycle = tally{since: now}
	}
	l.restart(now)
}
