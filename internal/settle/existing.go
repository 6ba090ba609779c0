package settle

import (
	"context"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
)

// find reads the record that a create names. The product's records may be
// listed without their SKU, which the question has told already.
func (c *creating) find(ctx context.Context) (api.Record, bool, error) {
	list, err := c.client.RecordsOf(ctx, c.req.ProductID, c.req.SKUID)
	if failure.KindOf(err) == failure.NotFound {
		return api.Record{}, false, nil
	}
	if err != nil {
		return api.Record{}, false, err
	}
	for _, r := range list {
		sku := r.SKUID == c.req.SKUID || r.SKUID == "" && c.req.SKUID != ""
		if r.WarehouseID == c.req.WarehouseID && sku {
			return r, true, nil
		}
	}
	return api.Record{}, false, nil
}

// age places a record's birth against our first send.
type age int

const (
	unknownAge age = iota
	older
	newer
)

// age compares createdAt with the first send by the server's clock. Where the
// two are nearer than the clocks can tell it is not known. A time without a zone
// says "older" only when it is so in every zone, and never "newer".
func (c *creating) age(r api.Record) age {
	sent, known := c.client.ServerTime(c.firstSent)
	if r.CreatedAt == nil || r.CreatedAt.IsZero() || !known {
		return unknownAge
	}
	sent = sent.Add(-clockTolerance)
	switch {
	case !r.CreatedAt.Zoned && r.CreatedAt.Before(sent.Add(-widestZone)):
		return older
	case !r.CreatedAt.Zoned:
		return unknownAge
	case r.CreatedAt.Before(sent):
		return older
	case r.CreatedAt.Before(sent.Add(clockTolerance)):
		return unknownAge // the clocks do not tell
	}
	return newer
}
