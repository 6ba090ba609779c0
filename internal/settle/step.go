package settle

import (
	"context"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// Sent is what went before a step of a create.
type Sent struct {
	First   time.Time // when it was sent first, by our clock
	Doubted bool      // some answer to it was lost
}

// CreateStep sends a create once, for callers that keep their own pace: Create
// without its waits. It is false when the outcome is not settled by it, because
// the answer was lost, or because nothing happened and one before was lost: the
// caller sends it again, with Doubted set, or ends with CreateEnd. The create
// goes through the client via; what follows from it, through the Settler's own,
// which may wait for a busy API.
func (s *Settler) CreateStep(ctx context.Context, via *api.Client, req api.CreateRecord, policy Policy, before Sent) (Creation, bool) {
	c := &creating{Settler: s, req: req, policy: policy, firstSent: before.First, doubted: before.Doubted}
	answer, err := via.CreateRecord(ctx, req)
	if made, settled := c.heard(ctx, answer, err); settled {
		return made, true
	}
	if api.InDoubt(err) || retryable(err) {
		return Creation{Outcome: Unknown, Err: err}, false
	}
	return c.lost(ctx, err), true
}

// CreateEnd settles a create that will not be sent again by the record that
// stands. It is false when none does: the create was not made.
func (s *Settler) CreateEnd(ctx context.Context, req api.CreateRecord, policy Policy, before Sent, last error) (Creation, bool) {
	c := &creating{Settler: s, req: req, policy: policy, firstSent: before.First, doubted: before.Doubted}
	record, found, err := c.find(ctx)
	switch {
	case err != nil:
		return c.unknown(nil, nil, last), true
	case !found:
		return Creation{Outcome: Refused, Err: last}, false
	}
	return c.judge(ctx, record, last), true
}

func retryable(err error) bool {
	kind := failure.KindOf(err)
	return kind == failure.Unavailable || kind == failure.Auth
}
