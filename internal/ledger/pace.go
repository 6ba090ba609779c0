package ledger

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	firstWindow = 4 // requests side by side, before anything is known
	firstPause  = 250 * time.Millisecond
	maxPause    = 8 * time.Second
	// worthwhile is how much faster a wider window must be to be kept on.
	worthwhile = 1.05
	// crowded is the share of busy answers, over the last memory of them, above
	// which fewer requests go side by side. Below it the pauses do: an API that
	// is asked as fast as it allows says busy now and then.
	crowded = 0.25
	memory  = 32
)

// pacer decides how many requests are under way side by side, and when the
// next may leave. It is safe for concurrent use.
type pacer struct {
	limiter *rate.Limiter // nil: no bound
	most    int
	fixed   bool // the user said how many
	maxWait time.Duration

	mu      sync.Mutex
	change  chan struct{} // closed when a waiting request may look again; nil: none waits
	window  int
	flying  int
	until   time.Time // nobody leaves before
	good    time.Time // the last answer that was not trouble
	trouble int       // answers since then that were
	halved  time.Time // requests begun before it do not halve the window again
	busy    float64   // share of the last answers that were busy

	round  int       // good answers of the current round
	began  time.Time // of the round
	paused bool      // nobody was to leave for some time of the round
	best   float64   // good answers a second of the best round
	vain   int       // rounds in a row that were not faster
	grown  bool      // the window does not grow by rounds any more
}

func newPacer(o Options, maxWait time.Duration) *pacer {
	p := &pacer{
		most: o.Workers(), window: min(firstWindow, o.Workers()), maxWait: maxWait,
		good: time.Now(), began: time.Now(),
	}
	if o.Concurrency > 0 {
		p.fixed, p.window = true, o.Concurrency
	}
	if o.Rate > 0 {
		p.limiter = rate.NewLimiter(rate.Limit(o.Rate), 1)
	}
	return p
}

// enter waits until a request may leave, and returns when it left. It fails
// only when ctx ends first.
func (p *pacer) enter(ctx context.Context) (time.Time, error) {
	for {
		p.mu.Lock()
		now := time.Now()
		wait := p.until.Sub(now)
		if wait <= 0 && p.flying < p.window {
			p.flying++
			p.mu.Unlock()
			return now, p.metered(ctx)
		}
		if p.change == nil {
			p.change = make(chan struct{})
		}
		change := p.change
		p.mu.Unlock()
		if err := rest(ctx, wait, change); err != nil {
			return now, err
		}
	}
}

// metered waits for its turn under --rate.
func (p *pacer) metered(ctx context.Context) error {
	if ctx.Err() != nil {
		p.leave()
		return context.Cause(ctx)
	}
	if p.limiter == nil {
		return nil
	}
	if err := p.limiter.Wait(ctx); err != nil {
		p.leave()
		return err
	}
	return nil
}

// rest waits for a change or, when wait is above 0, for that time.
func rest(ctx context.Context, wait time.Duration, change <-chan struct{}) error {
	var expired <-chan time.Time
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		expired = timer.C
	}
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-change:
	case <-expired:
	}
	return nil
}

func (p *pacer) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flying--
	p.wake()
}

func (p *pacer) wake() {
	if p.change != nil {
		close(p.change)
		p.change = nil
	}
}

// went takes a good answer: the API is there and does its work.
func (p *pacer) went() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flying--
	p.good, p.trouble = time.Now(), 0
	p.heed(0)
	p.round++
	if p.round >= 8*p.window {
		p.grow()
	}
	p.wake()
}

// grow ends a round: the window widens while that makes the rows go faster. A
// round with a pause tells nothing of the speed; it widens the window, too, so
// that more rows go between two pauses.
func (p *pacer) grow() {
	speed := float64(p.round) / max(time.Since(p.began).Seconds(), 1e-6)
	switch {
	case p.fixed || p.grown: // back to where it was before it was halved
		p.window = min(p.window+1, p.most)
	case p.paused:
		p.window = min(2*p.window, p.most)
	case speed >= p.best*worthwhile:
		p.best, p.vain = speed, 0
		p.window = min(2*p.window, p.most)
	case p.vain == 0: // one slow round may be chance
		p.vain++
	default:
		p.grown = true
		p.most = p.window
	}
	p.newRound()
}

// heed takes one answer into the share of those that were busy: 1 for busy, else
// 0.
func (p *pacer) heed(busy float64) { p.busy += (busy - p.busy) / memory }

func (p *pacer) newRound() { p.round, p.began, p.paused = 0, time.Now(), false }

// failed takes an answer that was trouble: busy tells that fewer requests may
// help, wait is what the API asked for. It returns how long nothing has gone
// well, and whether that is longer than it is borne.
func (p *pacer) failed(left time.Time, busy bool, wait time.Duration) (time.Duration, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flying--
	p.trouble++
	now := time.Now()
	switch {
	case !busy:
		p.heed(0)
	case left.After(p.halved):
		p.heed(1)
	}
	if p.busy > crowded {
		p.window, p.halved, p.busy = max(1, p.window/2), now, 0
		p.newRound()
	}
	if wait <= 0 && (busy || p.trouble > p.window) {
		wait = min(firstPause<<min(p.trouble/max(1, p.window), 5), maxPause)
	}
	if next := now.Add(wait); wait > 0 && next.After(p.until) {
		p.until, p.paused = next, true
	}
	p.wake()
	since := now.Sub(p.good)
	return since, since+wait > p.maxWait
}

// size is the width of the window, for the progress line.
func (p *pacer) size() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.window
}
