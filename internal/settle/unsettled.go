package settle

import (
	"context"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

// Unsettled is a set of movements whose response was lost. One reading of the log
// settles all of them. It is safe for concurrent use, but only one goroutine at a time
// may call Settle or Run, which read the log.
type Unsettled struct {
	options Options

	mu         sync.Mutex
	waiting    map[string]*waiting // by token
	watermarks []Watermark         // oldest first
	places     places
	wake       chan struct{}
}

// Options configures an Unsettled.
type Options struct {
	Log *Log
	// Timeout is the time limit of a request, and also how long it may take until
	// the log shows an accepted movement.
	Timeout time.Duration
	// Watermark is the end of the log before the first movement was sent. Without
	// it the log is read back to From or, if that is nil, to the time of the first
	// send.
	Watermark *Watermark
	From      *time.Time
	// Tokens is called at the beginning of each reading. The function it returns
	// extracts the token of an entry, or ""; an error ends the reading. Nil means
	// TokenOf.
	Tokens func() func(api.Movement) (string, error)
	// Thorough continues reading after all tokens were found, to detect repeated
	// ones.
	Thorough bool
	Now      func() time.Time // nil means time.Now
}

// waiting is one movement in the set.
type waiting struct {
	Lost
	searched  bool // the log was searched for it
	lookalike bool // an entry without a token could be this movement
	then      func(Decision)
}

// Decision is the outcome of a movement whose response was lost.
type Decision struct {
	Lost
	Conclusion Conclusion // Undecided if the run stopped before it was settled
	Entry      api.Movement
	Times      int   // number of entries with the token, if counted
	Reason     error // why it is held
}

// NewUnsettled returns an empty set.
func NewUnsettled(o Options) *Unsettled {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Tokens == nil {
		o.Tokens = func() func(api.Movement) (string, error) {
			return func(entry api.Movement) (string, error) { return TokenOf(entry), nil }
		}
	}
	u := &Unsettled{options: o, waiting: map[string]*waiting{}, wake: make(chan struct{}, 1)}
	if o.Watermark != nil {
		u.watermarks = []Watermark{*o.Watermark}
	}
	return u
}

// Add adds a movement in doubt. It calls then once, when the movement is decided.
func (u *Unsettled) Add(lost Lost, then func(Decision)) {
	u.mu.Lock()
	u.waiting[lost.Token] = &waiting{Lost: lost, then: then}
	u.mu.Unlock()
	u.nudge()
}

// Accepted records a movement that the API accepted. The first one in each place is
// looked up in the log, to know whether the log returns tokens at all.
func (u *Unsettled) Accepted(place Place, token string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.places.accepted(place, token, u.options.Now().Add(u.options.Timeout)) {
		u.nudge()
	}
}

// Len returns the number of waiting movements.
func (u *Unsettled) Len() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.waiting)
}

// PlacesWithoutTokens returns the names of the places with tokens that the log does not return.
func (u *Unsettled) PlacesWithoutTokens() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.places.withoutTokens()
}

// Since returns the oldest watermark.
func (u *Unsettled) Since() Watermark {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.watermarks[0]
}

func (u *Unsettled) nudge() {
	select {
	case u.wake <- struct{}{}:
	default:
	}
}

// Settle reads the log until every movement in the set is decided: immediately and, if
// one is not found, again when it can no longer arrive. It is for callers that send
// one movement at a time.
func (u *Unsettled) Settle(ctx context.Context, sleep func(context.Context, time.Duration) error) error {
	now := u.options.Now()
	if err := u.sweep(ctx, now); err != nil {
		return err
	}
	u.mu.Lock()
	arrives := now
	for _, one := range u.waiting {
		if one.Arrives.After(arrives) {
			arrives = one.Arrives
		}
	}
	left := len(u.waiting)
	u.mu.Unlock()
	if left == 0 {
		return nil
	}
	if err := sleep(ctx, arrives.Sub(now)); err != nil {
		return err
	}
	return u.sweep(ctx, arrives)
}

// sweep reads the log once for all waiting movements, and decides those it can.
func (u *Unsettled) sweep(ctx context.Context, began time.Time) error {
	due, since := u.due(began)
	if len(due) == 0 && !u.awaited() {
		return nil
	}
	reading := newReading(u, due)
	if err := u.read(ctx, reading, since, oldest(due, began)); err != nil {
		return err
	}
	if reading.err != nil {
		return reading.err
	}
	u.mu.Lock()
	if newest := reading.newest; !newest.At.IsZero() && u.options.Watermark != nil {
		u.watermarks = append(u.watermarks, newest)
	}
	u.places.close(began)
	known := u.places
	u.mu.Unlock()
	for _, one := range due {
		sighting := reading.of(one)
		sighting.Final = !began.Before(one.Arrives)
		sighting.Place = known[one.Place].state
		u.conclude(one, sighting)
	}
	return nil
}

// read reads the log as far back as the options say.
func (u *Unsettled) read(ctx context.Context, reading *reading, since Watermark, sent time.Time) error {
	if u.options.Watermark != nil {
		return u.options.Log.After(ctx, since, reading.visit)
	}
	if u.options.From != nil {
		sent = *u.options.From
	}
	return u.options.Log.Since(ctx, sent, reading.visit)
}

func (u *Unsettled) conclude(one *waiting, sighting Sighting) {
	conclusion, reason := sighting.Conclude()
	if conclusion == Undecided {
		one.searched = true
		return
	}
	u.decide(one, Decision{Lost: one.Lost, Conclusion: conclusion, Entry: sighting.Entry, Times: sighting.Times, Reason: reason})
}

// decide removes a movement from the set and reports its outcome.
func (u *Unsettled) decide(one *waiting, d Decision) {
	u.mu.Lock()
	delete(u.waiting, one.Token)
	u.mu.Unlock()
	one.then(d)
}

// due returns the movements that a reading could decide, and the latest watermark
// before all of them.
func (u *Unsettled) due(now time.Time) (due []*waiting, since Watermark) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, one := range u.waiting {
		if !one.searched || !now.Before(one.Arrives) {
			due = append(due, one)
		}
	}
	if len(u.watermarks) == 0 {
		return due, Watermark{}
	}
	first := oldest(due, now)
	if u.places.awaited() {
		first = u.watermarks[0].At // it may have been sent long before its response
	}
	since = u.watermarks[0]
	for _, w := range u.watermarks {
		if w.At.Before(first) {
			since = w
		}
	}
	return due, since
}

// oldest returns when the first of the movements was sent.
func oldest(due []*waiting, now time.Time) time.Time {
	for _, one := range due {
		if one.First.Before(now) {
			now = one.First
		}
	}
	return now
}

func (u *Unsettled) awaited() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.places.awaited()
}
