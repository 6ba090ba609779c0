package settle

import (
	"context"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

// Unsettled is the set of movements whose answer was lost. One reading of the log
// serves all that wait in it. It may be used from many goroutines, but only one
// reads the log at a time: the one that calls Settle, or Run.
type Unsettled struct {
	options Options

	mu         sync.Mutex
	waiting    map[string]*waiting // by token
	watermarks []Watermark         // oldest first
	places     places
	wake       chan struct{}
}

// Options are what a set of unsettled movements works with.
type Options struct {
	Log *Log
	// Timeout is how long a request may take: no longer may it be until the log
	// shows what was accepted.
	Timeout time.Duration
	// Watermark is where the log ended before the first of them was sent. Without
	// one the log is read back to From, or, if that is nil, to when that was.
	Watermark *Watermark
	From      *time.Time
	// Tokens begins a reading of the log: what it returns reads the token of an
	// entry, "" for none. Its error ends the reading: the log holds what does not
	// fit. Nil reads with TokenOf.
	Tokens func() func(api.Movement) (string, error)
	// Thorough reads on when all tokens were found, to see those that are there
	// twice.
	Thorough bool
	Now      func() time.Time // nil: the real one
}

// waiting is one movement in the set.
type waiting struct {
	Lost
	searched  bool // the log was read for it
	lookalike bool // an entry without a token may be it
	then      func(Decision)
}

// Decision is what became of a movement whose answer was lost.
type Decision struct {
	Lost
	Conclusion Conclusion // Undecided: it was given up, because the run stops
	Entry      api.Movement
	Times      int   // how many entries carry the token, where that was counted
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

// Add takes a movement in doubt; then is called once, when it is decided.
func (u *Unsettled) Add(lost Lost, then func(Decision)) {
	u.mu.Lock()
	u.waiting[lost.Token] = &waiting{Lost: lost, then: then}
	u.mu.Unlock()
	u.nudge()
}

// Accepted takes a movement that the API has accepted. The first of each place is
// looked for in the log, which shows whether tokens can be found there at all.
func (u *Unsettled) Accepted(place Place, token string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.places.accepted(place, token, u.options.Now().Add(u.options.Timeout)) {
		u.nudge()
	}
}

// Len is how many movements wait.
func (u *Unsettled) Len() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.waiting)
}

// Hidden lists the places, in words, whose tokens the log does not bring back.
func (u *Unsettled) Hidden() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.places.hidden()
}

// Since is the oldest watermark.
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

// Settle reads the log until every movement of the set is decided: at once and,
// where one is not found, again when nothing can be under way any more. It is for
// those who send one movement at a time.
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

// sweep reads the log once for all that wait, and decides about those of which it
// says enough.
func (u *Unsettled) sweep(ctx context.Context, began time.Time) error {
	due, since := u.due(began)
	if len(due) == 0 && !u.awaited() {
		return nil
	}
	reading := newReading(u, due)
	var err error
	switch from := u.options.From; {
	case u.options.Watermark != nil:
		err = u.options.Log.After(ctx, since, reading.visit)
	case from != nil:
		err = u.options.Log.Since(ctx, *from, reading.visit)
	default:
		err = u.options.Log.Since(ctx, oldest(due, began), reading.visit)
	}
	if err == nil {
		err = reading.err
	}
	if err != nil {
		return err
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

func (u *Unsettled) conclude(one *waiting, sighting Sighting) {
	conclusion, reason := sighting.Conclude()
	if conclusion == Undecided {
		one.searched = true
		return
	}
	u.decide(one, Decision{Lost: one.Lost, Conclusion: conclusion, Entry: sighting.Entry, Times: sighting.Times, Reason: reason})
}

// decide takes a movement out of the set, and says what became of it.
func (u *Unsettled) decide(one *waiting, d Decision) {
	u.mu.Lock()
	delete(u.waiting, one.Token)
	u.mu.Unlock()
	one.then(d)
}

// due lists the movements that a reading can say something about, and the newest
// watermark that lies before all of them.
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
		first = u.watermarks[0].At // its sending may lie long before its answer
	}
	since = u.watermarks[0]
	for _, w := range u.watermarks {
		if w.At.Before(first) {
			since = w
		}
	}
	return due, since
}

// oldest is when the first of the movements was sent.
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
