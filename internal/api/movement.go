package api

import (
	"encoding/json"
	"time"

	"github.com/bayworks/stockctl/internal/api/lenient"
	"github.com/bayworks/stockctl/internal/api/pages"
)

// Time is a time in a response.
type Time = lenient.Time

// Movement is one line of the stock log.
type Movement struct {
	ID          string `json:"id"`
	InventoryID string `json:"inventoryId"`
	ProductID   string `json:"productId"`
	TenantID    string `json:"tenantId,omitempty"`
	Action      string `json:"action"`
	QtyChange   int64  `json:"qtyChange"`
	Reference   string `json:"reference,omitempty"`
	Notes       string `json:"notes,omitempty"`
	AdjustedBy  string `json:"adjustedBy,omitempty"`
	LogDate     string `json:"logDate,omitempty"` // as the API writes it
	Timestamp   *Time  `json:"timestamp,omitempty"`

	Named
}

// movementWire is a movement in a response, in either dialect.
type movementWire struct {
	ID          string        `json:"id"`
	InventoryID string        `json:"inventoryId"`
	ProductID   string        `json:"productId"`
	TenantID    string        `json:"tenantId"`
	Action      string        `json:"action"`
	QtyChange   *lenient.Int  `json:"qtyChange"`
	Qty         *lenient.Int  `json:"qty"`
	Reference   string        `json:"reference"`
	Notes       string        `json:"notes"`
	AdjustedBy  lenient.Loose `json:"adjustedBy"`
	LogDate     lenient.Loose `json:"logDate"`
	Timestamp   *Time         `json:"timestamp"`
	CreatedAt   *Time         `json:"createdAt"`
}

// UnmarshalJSON reads a movement. If the published names are missing, it uses `qty` for
// qtyChange and `createdAt` for timestamp.
func (m *Movement) UnmarshalJSON(b []byte) error {
	var w movementWire
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*m = Movement{
		ID: w.ID, InventoryID: w.InventoryID, ProductID: w.ProductID, TenantID: w.TenantID, Action: w.Action,
		Reference: w.Reference, Notes: w.Notes, AdjustedBy: string(w.AdjustedBy), LogDate: string(w.LogDate),
		Timestamp: lenient.Known(w.Timestamp),
	}
	if m.Timestamp == nil {
		m.Timestamp = lenient.Known(w.CreatedAt)
	}
	switch {
	case w.QtyChange != nil:
		m.QtyChange = int64(*w.QtyChange)
	case w.Qty != nil:
		m.QtyChange = int64(*w.Qty)
	}
	return nil
}

func (m Movement) key() string { return m.ID }

// Movements lists the whole store's log: GET /v1/inventory/logs.
func (c *Client) Movements() *List[Movement] {
	return newList[Movement](c, "/v1/inventory/logs", nil)
}

// Following reads new movements from the stock log, poll by poll.
type Following = pages.Following[Movement]

// FollowMovements returns a reader that follows the log.
func (c *Client) FollowMovements() *Following {
	return pages.Follow(c.Movements(), Movement.key, func(m Movement) time.Time {
		if m.Timestamp == nil {
			return time.Time{}
		}
		return m.Timestamp.Time
	})
}
