package sandbox

import (
	"context"
	"database/sql"
	"fmt"
)

// The actions of movements.
const (
	received       = "RECEIVED"
	sold           = "SOLD"
	adjusted       = "ADJUSTED"
	damaged        = "DAMAGED"
	returned       = "RETURNED"
	transferredIn  = "TRANSFERRED_IN"
	transferredOut = "TRANSFERRED_OUT"
	reserved       = "RESERVED"
	released       = "RELEASED"
)

// adjustActions returns the actions that an adjustment accepts.
func adjustActions(strict bool) []string {
	published := []string{received, sold, adjusted, damaged, returned}
	if strict {
		return published
	}
	return append(published, transferredIn, transferredOut)
}

// movement is a row of the log.
type movement struct {
	id, recordID, productID, action string

	change           int64
	reference, notes *string
	actor, at        string
}

const insertMovement = `INSERT INTO movements (id, inventory_id, product_id, action, qty_change, reference, notes, adjusted_by, at)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

const selectMovement = `SELECT id, inventory_id, product_id, action, qty_change, reference, notes, adjusted_by, at FROM movements`

func (m *movement) scan(row interface{ Scan(...any) error }) error {
	return row.Scan(&m.id, &m.recordID, &m.productID, &m.action, &m.change, &m.reference, &m.notes, &m.actor, &m.at)
}

func (m *movement) insert(ctx context.Context, stmt *sql.Stmt) error {
	_, err := stmt.ExecContext(ctx, m.id, m.recordID, m.productID, m.action, m.change, m.reference, m.notes, m.actor, m.at)
	if err != nil {
		return fmt.Errorf("writing the log: %w", err)
	}
	return nil
}

// movementJSON is a movement in the published dialect.
type movementJSON struct {
	ID          string  `json:"id"`
	InventoryID string  `json:"inventoryId"`
	ProductID   string  `json:"productId"`
	TenantID    string  `json:"tenantId"`
	Action      string  `json:"action"`
	QtyChange   int64   `json:"qtyChange"`
	Reference   *string `json:"reference"`
	Notes       *string `json:"notes"`
	AdjustedBy  string  `json:"adjustedBy"`
	LogDate     string  `json:"logDate"`
	Timestamp   string  `json:"timestamp"`
}
