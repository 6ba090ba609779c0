// Package settle determines the outcome of writes whose response was lost. The API
// has no idempotency keys, so a write is never simply retried: a create is settled
// by the record that exists, and a stock movement by its token in the movement log.
// The package prints nothing and does not prompt.
package settle

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/await"
)

// attempts limits how often a write in doubt is sent.
const attempts = 3

// Settler sends single writes and settles those whose response was lost.
type Settler struct {
	client *api.Client
	log    *Log
	now    func() time.Time
	sleep  func(context.Context, time.Duration) error
}

// New returns a Settler that uses a client.
func New(client *api.Client) *Settler {
	return &Settler{client: client, log: NewLog(client), now: time.Now, sleep: await.Sleep}
}

// pause waits before a write in doubt is sent again: half a second, doubled each
// time, with jitter.
func (s *Settler) pause(ctx context.Context, attempt int) error {
	base := 500 * time.Millisecond << (attempt - 1)
	return s.sleep(ctx, base/2+rand.N(base))
}
