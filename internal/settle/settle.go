// Package settle finds out what became of a write whose answer was lost. The
// API has no idempotency key, so a write is never just sent again: a create is
// judged by the record that stands, a stock movement by its token in the
// movement log. It prints nothing and asks nobody.
package settle

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

// attempts bounds how often a write in doubt is sent.
const attempts = 3

// Settler sends single writes and settles those whose answer was lost.
type Settler struct {
	client *api.Client
	log    *Log
	now    func() time.Time
	sleep  func(context.Context, time.Duration) error
}

// New returns a Settler on a client.
func New(client *api.Client) *Settler {
	return &Settler{client: client, log: NewLog(client), now: time.Now, sleep: Sleep}
}

// WithClock returns a Settler that takes the time and its pauses from
// elsewhere: tests do not wait.
func (s *Settler) WithClock(now func() time.Time, sleep func(context.Context, time.Duration) error) *Settler {
	return &Settler{client: s.client, log: &Log{s.client, now}, now: now, sleep: sleep}
}

// Log is the movement log that the Settler reads.
func (s *Settler) Log() *Log { return s.log }

// pause waits between two sends of a write in doubt: half a second, doubled
// each time, with jitter.
func (s *Settler) pause(ctx context.Context, attempt int) error {
	base := 500 * time.Millisecond << (attempt - 1)
	return s.sleep(ctx, base/2+rand.N(base))
}

// duplicate tells whether the API said, in words or by a bare 409, that the
// record exists.
func duplicate(err error) bool {
	var e *api.Error
	return errors.As(err, &e) && !e.InDoubt && (e.Reason == api.ReasonDuplicate || e.Status == http.StatusConflict)
}
