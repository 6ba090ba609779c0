package settle

import (
	"context"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// Sent describes earlier attempts of a create.
type Sent struct {
	First   time.Time // the first send, on our clock
	Doubted bool      // a response was lost
}

// CreateStep sends a create once, without waiting, for callers that control their own
// pace. It returns false if the outcome is not settled because the response was lost,
// or because nothing happened. The caller then sends the create again, with Doubted
// set after a lost response, or finishes with FinishCreate. The create is sent with the
// client via; further requests use the Settler's client, which may wait for a busy
// API.
func (s *Settler) CreateStep(ctx context.Context, via *api.Client, req api.CreateRecord, policy Policy, before Sent) (Creation, bool) {
	c := s.creating(req, policy, before)
	response, err := via.CreateRecord(ctx, req)
	if made, settled := c.heard(ctx, response, err); settled {
		return made, true
	}
	if api.InDoubt(err) || retryable(err) {
		return Creation{Outcome: Unknown, Err: err}, false
	}
	return c.lost(ctx, err), true
}

// FinishCreate settles a create that will not be sent again by the record that exists. It
// returns false if there is none: the record was not created.
func (s *Settler) FinishCreate(ctx context.Context, req api.CreateRecord, policy Policy, before Sent, last error) (Creation, bool) {
	return s.creating(req, policy, before).finish(ctx, last)
}

func retryable(err error) bool {
	kind := failure.KindOf(err)
	return kind == failure.Unavailable || kind == failure.Auth
}
