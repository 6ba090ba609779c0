package settle

import (
	"context"

	"github.com/bayworks/stockctl/internal/api"
)

// Predict returns what a create would find and do if the record exists, without
// sending it. It returns false if there is no such record.
func (s *Settler) Predict(ctx context.Context, req api.CreateRecord, policy Policy) (Creation, bool, error) {
	c := &creating{Settler: s, req: req, policy: policy}
	record, found, err := c.find(ctx)
	if err != nil || !found {
		return Creation{}, false, err
	}
	if policy.Decide(req, record) == ToSet {
		return Creation{Outcome: Already, Record: &record, Adjusted: *req.InitialQty - *record.OnHandQty}, true, nil
	}
	return c.accept(ctx, record, Compare(req, record)), true, nil
}
