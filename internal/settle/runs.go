package settle

import (
	"context"
	"fmt"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
)

const (
	// watermarkEvery is how often the log's end is noted while all goes well, so
	// that a reading is short.
	watermarkEvery = 30 * time.Second
	// longestSpoilt is how long a log whose answers are of no use is read again, in
	// times of a request.
	longestSpoilt = 4
)

// Patience is what a run does while the log cannot be read.
type Patience struct {
	MaxWait time.Duration // how long an API that is away is tolerated
	Halt    func(error)   // stops the run
}

// Run settles the movements of a run in the one goroutine that reads the log for
// it, until over is closed. When stop ends, what is undecided is given up.
func (u *Unsettled) Run(stop context.Context, over <-chan struct{}, p Patience) {
	pause := max(min(u.options.Timeout/4, 2*time.Second), 10*time.Millisecond)
	now := u.options.Now
	noted, failing := now(), time.Time{}
	for {
		select {
		case <-over:
			return
		case <-stop.Done():
			u.giveUp(over)
			return
		case <-time.After(watermarkEvery):
		case <-u.wake:
		}
		began := now()
		if err := u.sweep(stop, began); err == nil {
			failing = time.Time{}
		} else if stop.Err() == nil {
			if failing.IsZero() {
				failing = began
			}
			u.unreadable(err, now().Sub(failing), p)
		}
		if now().Sub(noted) > watermarkEvery {
			noted = now()
			u.note(stop)
		}
		if u.undecided() {
			// What waits is looked for again, but not without a breath.
			select {
			case <-over:
			case <-stop.Done():
			case <-time.After(pause):
				u.nudge()
			}
		}
	}
}

// undecided reports whether anything waits for a reading.
func (u *Unsettled) undecided() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.waiting) > 0 || u.places.awaited()
}

// note adds the log's end as it is now. A failure costs only speed.
func (u *Unsettled) note(ctx context.Context) {
	if w, err := u.options.Log.Watermark(ctx); err == nil {
		u.mu.Lock()
		u.watermarks = append(u.watermarks, w)
		u.mu.Unlock()
	}
}

// giveUp gives back what a stopped run cannot settle any more; a movement may
// still come in from a request that was under way.
func (u *Unsettled) giveUp(over <-chan struct{}) {
	for {
		for _, one := range u.all() {
			u.decide(one, Decision{Lost: one.Lost})
		}
		select {
		case <-over:
			return
		case <-u.wake:
		}
	}
}

func (u *Unsettled) all() (out []*waiting) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, one := range u.waiting {
		out = append(out, one)
	}
	return out
}

// unreadable takes a reading that failed. An API that is away is tolerated for
// MaxWait, and answers that are of no use for a while: a list may move too fast
// to be read. A log that cannot be read leaves what waits held.
func (u *Unsettled) unreadable(err error, since time.Duration, p Patience) {
	switch failure.KindOf(err) {
	case failure.Unavailable:
		if since > p.MaxWait {
			p.Halt(fmt.Errorf("reading the movement log: %w", err))
		}
	case failure.Auth:
		p.Halt(fmt.Errorf("reading the movement log: %w", err))
	case failure.Unexpected:
		if since > longestSpoilt*u.options.Timeout {
			u.hold(err)
		}
	default:
		u.hold(err)
	}
}

func (u *Unsettled) hold(err error) {
	due, _ := u.due(u.options.Now())
	for _, one := range due {
		u.decide(one, Decision{Lost: one.Lost, Conclusion: Held, Reason: fmt.Errorf("the movement log cannot be read: %w", err)})
	}
}
