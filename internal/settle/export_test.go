package settle

import (
	"context"
	"time"
)

// WithClock returns a Settler with another clock and sleep function, so that tests
// do not have to wait.
func (s *Settler) WithClock(now func() time.Time, sleep func(context.Context, time.Duration) error) *Settler {
	return &Settler{client: s.client, log: &Log{client: s.client, now: now}, now: now, sleep: sleep}
}

// Log returns the movement log that the Settler reads.
func (s *Settler) Log() *Log { return s.log }
