package settle

import (
	"context"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// find reads the record of a create. The API may omit the SKU of listed records, as
// it is part of the request. Two such records are an error.
func (c *creating) find(ctx context.Context) (found api.Record, there bool, err error) {
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
			if there {
				return api.Record{}, false, failure.New(failure.Unexpected, "%s %s", c.address(), stock.Several(found.ID, r.ID))
			}
			found, there = r, true
		}
	}
	return found, there, nil
}

// age is whether a record was created before or after our first send.
type age int

const (
	unknownAge age = iota
	older
	newer
)

// age compares createdAt with the first send by the server's clock. If the two are
// too close for the accuracy of the clocks, the age is unknown. A record with a time
// without a zone is older only if it is so in every zone, and never newer.
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
		return unknownAge // within the accuracy of the clocks
	}
	return newer
}
