package pace

import (
	"math"
	"time"
)

// Blocked is the result of Wait if only an answer can let a request leave.
const Blocked time.Duration = math.MaxInt64

// Answer is the result of a request, as far as it matters for the pace.
type Answer int

// The answers.
const (
	Good    Answer = iota // the API processed the request, whatever the result
	Refused               // too many requests
	Broken                // the API failed, or cannot be reached
)

// Options bound a Limiter. The zero value has no bounds, and no tempo until the API
// refuses requests.
type Options struct {
	Most int     // the most concurrent writes; 0: no bound
	Seek bool    // determine the number of writes and the tempo, from a careful start
	Rate float64 // the most requests per second; 0: no bound
	Left int64   // the writes that are left; 0: unknown
}

// Ticket is a request that was released.
type Ticket struct {
	at    time.Time // when it left or, until then, when it was released
	due   time.Time // when it should leave, if the tempo delayed it
	depth int       // concurrent requests when it left, including this one
	tempo float64   // the tempo reached then
	left  bool      // it has left, or never will
	test  bool      // it is part of a burst

	leader Leader // released it, with this number; nil: the limiter of this process did
	id     uint64
}

// Limiter decides when the next request may leave. It is not safe for concurrent
// use.
type Limiter struct {
	rate   float64
	flying int
	last   time.Time // the newest departure
	ready  *Ticket   // the last one released, until it has left
	due    time.Time // when the next one should leave, if the tempo delays it
	late   float64   // the average delay of departures, in seconds
	least  float64   // the least delay, in seconds
	until  time.Time // no request leaves before this

	tempo  tempo
	over   overshoot
	depths depths

	epoch   time.Time // the last cut: requests from before do not count for the tempo
	sent    history   // the requests accepted since
	good    int       // the number of requests accepted since
	total   int       // the number of requests accepted in all
	dry     bool      // nearly all are refused, so one request at a time is tried
	cycle   tally     // requests accepted since dry last ended
	lately  recent    // requests accepted in the last two seconds
	lasting recent    // requests accepted in the last 20 seconds, since the first was refused
	limited bool      // a request was refused
	delayed float64   // the share of requests that the tempo delayed
	latency float64   // the lowest of an accepted request, in seconds
	heard   time.Time // when the last accepted request was answered
	noise   float64   // the share of refusals that no tempo avoids
	left    float64   // the writes that are left; +Inf: unknown
	broken  int       // Broken answers since the last good one
	failing time.Time // when the first of them came

	guess guess
	burst int // requests that may leave together, to measure how many the API accepts
}

// NewLimiter returns a limiter that has not learnt anything.
func NewLimiter(o Options, now time.Time) *Limiter {
	l := &Limiter{epoch: now, cycle: tally{since: now}, latency: math.Inf(1), left: math.Inf(1)}
	l.lately = recent{began: now, slot: 50 * time.Millisecond}
	l.lasting = newLasting(now)
	l.open(o)
	return l
}

// open sets the bounds. It keeps what was learnt.
func (l *Limiter) open(o Options) {
	l.rate = o.Rate
	l.depths.open(o)
	if o.Left > 0 {
		l.left = float64(o.Left)
	}
	if !l.tempo.learnt {
		l.tempo = newTempo(o, l.tempo.stated)
	}
}

// Wait returns how long the next request must wait; 0 if it may leave now. A read does
// not wait for the window, because a write in progress may need it.
func (l *Limiter) Wait(now time.Time, read bool) time.Duration {
	if l.bursting(now) && (read || l.flying < max(l.depths.most, 1)) {
		l.due = time.Time{}
		return 0
	}
	if !read && (l.depths.full(l.flying, now, l.tempo.now, l.lasts(now)) || l.dry && l.flying > 0) {
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
		at = at.Add(longestReady) // its departure will set the time
	}
	if d := at.Sub(now); d > 0 {
		l.due = at
		return d
	}
	return 0
}

// longestReady is how long to wait for a departure. A new connection may take longer.
const longestReady = 20 * time.Millisecond

// catchUp is the longest gap for which late timers are compensated by shorter gaps
// later: timers are not accurate enough for it.
const catchUp = 2 * time.Millisecond

// gap returns the time between two departures. If it is long enough for timers, it is
// shortened by their average delay.
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

// apart returns how far apart two departures should be; 0 if there is no tempo.
func (l *Limiter) apart() time.Duration {
	return time.Duration(float64(time.Second) / min(l.tempo.now, orInf(l.rate)))
}

// Sent releases a request. It may take a while to leave: see Departed.
func (l *Limiter) Sent(now time.Time) *Ticket {
	if !l.last.IsZero() {
		l.tempo.sent(now, now.Sub(l.last).Seconds(), l.over.asked > 0, l.lasts(now))
	}
	l.last = now
	t := &Ticket{at: now, due: l.due, depth: l.flying + 1, tempo: l.tempo.reached()}
	if l.inBurst() {
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

// Departed records that a request has left, and reports whether the next one was waiting
// for that.
func (l *Limiter) Departed(t *Ticket, now time.Time) bool {
	if t.left {
		return false
	}
	t.left = true
	if l.ready == nil { // the gaps are too short to use the time
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

// gone records that a request has ended or will not leave.
func (l *Limiter) gone(t *Ticket) {
	l.flying--
	t.left = true
	if t == l.ready {
		l.ready = nil
	}
}

// Unsent gives back a request that was released but not sent.
func (l *Limiter) Unsent(t *Ticket) { l.gone(t) }

// lasts returns how long the writes that are left will take.
func (l *Limiter) lasts(now time.Time) time.Duration {
	return time.Duration(min(l.left/max(l.lately.rate(now), slowest), 1e6) * float64(time.Second))
}

// Wrote records that one of the writes was accepted.
func (l *Limiter) Wrote() {
	if l.left--; l.left < 0 { // some rows take more than one
		l.left = math.Inf(1)
	}
}

// Answered records the result of a request. after is how long the API asked to wait; 0:
// it did not.
func (l *Limiter) Answered(t *Ticket, now time.Time, a Answer, after time.Duration) {
	l.gone(t)
	l.pause(now, after)
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
		l.confirm(now)
	}
	switch {
	case a == Good:
		l.accept(t, now)
	case !l.over.open:
		if !l.limited { // what a full bucket held does not last
			l.limited, l.lasting = true, newLasting(t.at)
		}
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

// pause stops all requests for a while.
func (l *Limiter) pause(now time.Time, d time.Duration) {
	if d > 0 {
		l.until = later(l.until, now.Add(d))
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
	l.lasting.add(now)
	if l.delayed -= l.delayed / 32; !t.due.IsZero() {
		l.delayed += 1. / 32
	}
	if l.dry {
		l.awake(now)
	}
}

// noiseLasts is after how many seconds noise is forgotten, unless it recurs.
const noiseLasts = 30

const (
	shortestRest = 250 * time.Millisecond
	longestRest  = 8 * time.Second
)

// fail records an answer that says nothing about the pace. If there are no others, the
// API gets increasing pauses.
func (l *Limiter) fail(now time.Time) {
	if l.broken++; l.broken == 1 {
		l.failing = now
	}
	if l.broken > max(4, min(l.depths.width, 32)) {
		l.pause(now, min(max(now.Sub(l.failing)/4, shortestRest), longestRest))
		l.dry = true
	}
}

// restart ends an overshoot: requests sent so far do not count for the next tempo.
func (l *Limiter) restart(now time.Time) {
	l.epoch, l.good, l.sent, l.over, l.dry = now, 0, l.sent[:0], overshoot{}, false
	l.tempo.actual = min(l.tempo.now, fastest)
	l.depths.restart()
}

// enough is how many requests must be accepted before a limit is reported.
const enough = 20

// Allowed returns the limit of the API as learnt: requests per second, or concurrent
// requests. 0 means unknown, or no limit.
func (l *Limiter) Allowed() (perSecond float64, atATime int) {
	switch {
	case l.total < enough:
	case l.depths.known > 0:
		return 0, l.depths.known
	case l.tempo.learnt:
		return l.accepted(), 0
	}
	return 0, 0
}

// pausedShare is the usual share of the time in which a Retry-After stops all requests.
const pausedShare = .07

// longEnough is how long requests must have been counted to show what is accepted.
const longEnough = 2 * time.Second

// newLasting begins to count the requests accepted in 20 seconds.
func newLasting(now time.Time) recent { return recent{began: now, slot: 500 * time.Millisecond} }

// accepted returns how many requests per second the API accepts lastingly. It accepts a
// higher tempo for a while if its bucket is full or its window of time is long.
func (l *Limiter) accepted() float64 {
	held := min(l.tempo.now, l.tempo.goal)
	early := l.heard.Sub(l.lasting.began) < longEnough
	if l.delayed < .5 || early { // the client itself may be slower
		return held
	}
	lasting := l.lasting.rate(l.heard)
	if l.guess.first > 0 {
		lasting /= 1 - pausedShare
	}
	return min(held, lasting)
}

// Width returns how many writes may be in progress.
func (l *Limiter) Width() int { return l.depths.width }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
