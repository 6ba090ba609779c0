package pace

import (
	"math"
	"time"
)

// Blocked is what Wait returns when only an answer can let a request leave.
const Blocked time.Duration = math.MaxInt64

// Answer is what became of a request, as far as the pace is concerned.
type Answer int

// The answers.
const (
	Good    Answer = iota // the API did its work, whatever it said
	Refused               // too many requests
	Broken                // the API failed, or cannot be reached
)

// Options bound a Limiter. The zero value has no bound, and a tempo only where the
// API refuses requests.
type Options struct {
	Most int     // writes under way at a time; 0: no bound
	Seek bool    // find out how many of them, and how fast, from a careful start
	Rate float64 // requests a second at most; 0: no bound
}

// Ticket is a request that was let go.
type Ticket struct {
	at    time.Time // when it left, or was let go as long as it has not
	due   time.Time // when it was to leave, where the tempo kept it back
	depth int       // requests under way when it left, itself included
	tempo float64   // that was reached then
	left  bool      // it has left, or never will
	test  bool      // it is one of a burst
}

// Limiter decides when the next request may leave. It is not safe for concurrent
// use.
type Limiter struct {
	rate   float64
	flying int
	last   time.Time // the newest departure
	ready  *Ticket   // the newest that was let go, as long as it has not left
	due    time.Time // when the next one is to leave, where the tempo keeps it back
	late   float64   // seconds by which departures are late, on average
	least  float64   // and at least
	until  time.Time // no request leaves before

	tempo  tempo
	over   overshoot
	depths depths

	epoch   time.Time // the last cut: what was sent before says nothing of the tempo
	sent    history   // what was accepted since
	good    int       // how much of it there is
	total   int       // and in all
	dry     bool      // nearly all is refused: one request at a time is tried
	cycle   tally     // what was accepted since it last was
	lately  recent    // what was accepted in the last seconds
	latency float64   // seconds, the lowest of an accepted request
	heard   time.Time // the newest accepted request's answer
	noise   float64   // the share of refusals that no tempo avoids
	broken  int       // answers since the last good one that were
	failing time.Time // when the first of them came

	guess guess
	burst int // requests that may leave at once, to find out how many the API allows so
}

// NewLimiter returns a limiter that has learnt nothing.
func NewLimiter(o Options, now time.Time) *Limiter {
	l := &Limiter{epoch: now, cycle: tally{since: now}, lately: recent{began: now}, latency: math.Inf(1)}
	l.open(o)
	return l
}

// open sets the bounds. What was learnt stays.
func (l *Limiter) open(o Options) {
	l.rate = o.Rate
	l.depths.open(o)
	if !l.tempo.learnt {
		l.tempo = newTempo(o, l.tempo.stated)
	}
}

// Wait returns how long the next request has to wait: 0 when it may leave now. A
// read does not wait for the window: a write that is under way may need it.
func (l *Limiter) Wait(now time.Time, read bool) time.Duration {
	if l.bursting(now) && (read || l.flying < max(l.depths.most, 1)) {
		l.due = time.Time{}
		return 0
	}
	if !read && (l.depths.full(l.flying, now, l.tempo.now) || l.dry && l.flying > 0) {
		l.due = time.Time{}
		return Blocked
	}
	if d := l.until.Sub(now); d > 0 {
		l.due = time.Time{}
		return d
	}
	if l.over.asked > 0 {
		l.judgePaused(now)
	}
	if l.last.IsZero() {
		return 0
	}
	at := l.last.Add(l.gap())
	if l.ready != nil && l.tempo.learnt {
		at = at.Add(longestReady) // its departure will say when
	}
	if d := at.Sub(now); d > 0 {
		l.due = at
		return d
	}
	return 0
}

// longestReady is how long a departure is waited for that does not come: a new
// connection may take its time.
const longestReady = 20 * time.Millisecond

// catchUp is the gap below which a late timer is made up for: timers are no finer.
const catchUp = 2 * time.Millisecond

// gap is the time between two departures. Where it is long enough for timers it is
// shortened by what they are late on average.
func (l *Limiter) gap() time.Duration {
	gap := l.apart()
	switch {
	case gap <= catchUp:
	case l.guess.even:
		gap -= time.Duration(l.least * float64(time.Second))
	default:
		gap = max(gap-time.Duration(l.late*float64(time.Second)), gap*6/10)
	}
	return gap
}

// apart is how far apart two departures are to be; 0 for no tempo.
func (l *Limiter) apart() time.Duration {
	return time.Duration(float64(time.Second) / min(l.tempo.now, orInf(l.rate)))
}

// Sent lets a request go. It may take a while to leave: see Departed.
func (l *Limiter) Sent(now time.Time) *Ticket {
	if !l.last.IsZero() {
		l.tempo.sent(now, now.Sub(l.last).Seconds(), l.over.asked > 0)
	}
	l.last = now
	t := &Ticket{at: now, due: l.due, depth: l.flying + 1, tempo: l.tempo.reached()}
	if l.burst > 0 && l.rate == 0 {
		l.burst--
		t.test = true
	}
	switch gap := l.apart(); {
	case gap > catchUp:
		l.ready = t
	case !l.due.IsZero() && l.rate == 0:
		l.last = later(l.due, now.Add((gap-catchUp)/2))
	}
	l.due = time.Time{}
	l.flying++
	return t
}

// Departed notes that a request has left, and reports whether the next one was
// waiting for that.
func (l *Limiter) Departed(t *Ticket, now time.Time) bool {
	if t.left {
		return false
	}
	t.left = true
	if l.ready == nil { // the gaps are too short for that
		return false
	}
	t.at = now
	l.last = later(l.last, now)
	if !t.due.IsZero() {
		late := min(max(0, now.Sub(t.due).Seconds()), .02)
		l.late += (late - l.late) / 32
		l.least = min(late, l.least+(late-l.least)/1024, .001)
	}
	if t != l.ready {
		return false
	}
	l.ready = nil
	return true
}

// gone notes that a request will not leave any more.
func (l *Limiter) gone(t *Ticket) {
	l.flying--
	t.left = true
	if t == l.ready {
		l.ready = nil
	}
}

// Unsent takes back a request that was let go.
func (l *Limiter) Unsent(t *Ticket) { l.gone(t) }

// Answered notes what became of a request. after is how long the API asked to
// wait; 0: it did not.
func (l *Limiter) Answered(t *Ticket, now time.Time, a Answer, after time.Duration) {
	l.gone(t)
	if after > 0 {
		l.until = later(l.until, now.Add(after))
	}
	if a == Broken {
		l.fail(now)
		return
	}
	l.broken = 0
	if t.at.Before(l.epoch) {
		return
	}
	if t.test {
		l.guess.tested(a)
	}
	switch {
	case a == Good:
		l.accept(t, now)
	case !l.over.open:
		l.over = overshoot{open: true, first: t.at, newest: t.at, tempo: t.tempo, depth: t.depth}
	}
	l.depths.answered(t, now, a)
	if l.over.open {
		l.over.answered(t.at, a, after)
		if l.over.asked == 0 {
			l.judge(now)
		}
	}
}

func (l *Limiter) accept(t *Ticket, now time.Time) {
	l.latency = min(l.latency, now.Sub(t.at).Seconds())
	l.good++
	l.total++
	l.noise *= 1 - min(1, now.Sub(l.heard).Seconds()/noiseLasts)
	l.heard = now
	l.sent.add(t.at)
	l.cycle.n++
	l.lately.add(now)
	if l.dry {
		l.awake(now)
	}
}

// noiseLasts is in how many seconds noise that is not heard again is forgotten.
const noiseLasts = 30

const (
	shortestRest = 250 * time.Millisecond
	longestRest  = 8 * time.Second
)

// fail notes an answer that says nothing of the pace. When nothing else comes, the
// API gets a rest, longer each time.
func (l *Limiter) fail(now time.Time) {
	if l.broken++; l.broken == 1 {
		l.failing = now
	}
	if l.broken > max(4, min(l.depths.width, 32)) {
		rest := min(max(now.Sub(l.failing)/4, shortestRest), longestRest)
		l.until = later(l.until, now.Add(rest))
		l.dry = true
	}
}

// restart ends an overshoot: what was sent so far says nothing of the tempo that
// comes.
func (l *Limiter) restart(now time.Time) {
	l.epoch, l.good, l.sent, l.over, l.dry = now, 0, l.sent[:0], overshoot{}, false
	l.tempo.actual = min(l.tempo.now, fastest)
	l.depths.restart()
}

// enough requests must have been accepted before a limit is spoken of.
const enough = 20

// Allowed returns what the API was found to allow: requests a second, or at a
// time. 0 is not known, and no limit.
func (l *Limiter) Allowed() (perSecond float64, atATime int) {
	switch {
	case l.total < enough:
	case l.depths.known > 0:
		return 0, l.depths.known
	case l.tempo.learnt:
		return min(l.tempo.now, l.tempo.goal), 0
	}
	return 0, 0
}

// Width returns how many writes may be under way.
func (l *Limiter) Width() int { return l.depths.width }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
