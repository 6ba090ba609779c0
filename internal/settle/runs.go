package settle

import (
	"context"
	"fmt"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
)

const (
	// watermarkEvery is how often the end of the log is recorded while all goes well,
	// to keep readings short.
	watermarkEvery = 30 * time.Second
	// longestSpoilt is how long a log with unusable responses is retried, in request
	// timeouts.
	longestSpoilt = 4
)

// Outage determines what a run does while the log cannot be read.
type Outage struct {
	MaxWait time.Duration // how long an unavailable API is tolerated
	Halt    func(error)   // stops the run
}

// Run settles the movements of a run until over is closed. It is the only goroutine
// that reads the log for the run. When stop ends, it gives up undecided movements.
func (u *Unsettled) Run(stop context.Context, over <-chan struct{}, p Outage) {
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
			// Pause before looking for waiting movements again.
			select {
			case <-over:
			case <-stop.Done():
			case <-time.After(pause):
				u.nudge()
			}
		}
	}
}

// undecided reports whether a movement is waiting for a reading.
func (u *Unsettled) undecided() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.waiting) > 0 || u.places.awaited()
}

// note records the current end of the log. A failure only makes readings longer.
func (u *Unsettled) note(ctx context.Context) {
	if w, err := u.options.Log.Watermark(ctx); err == nil {
		u.mu.Lock()
		u.watermarks = append(u.watermarks, w)
		u.mu.Unlock()
	}
}

// giveUp returns the movements that a stopped run can no longer settle, including those
// added later by pending requests.
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

// unreadable handles a failed reading. An unavailable API is tolerated for MaxWait, and
// unusable responses for a while, as the list may change too fast to be read. If the
// log cannot be read, the waiting movements are held.
func (u *Unsettled) unreadable(err error, since time.Duration, p Outage) {
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
