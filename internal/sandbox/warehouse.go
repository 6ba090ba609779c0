package sandbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// owned is the default type of a warehouse.
const owned = "OWNED"

func warehouseTypes() []string {
	return []string{owned, "SUPPLIER", "CONSIGNMENT", "THIRD_PARTY_LOGISTICS"}
}

// warehouse is a row of the warehouses table.
type warehouse struct {
	id, name, code       string
	address              *string
	isDefault, active    bool
	kind                 string
	createdAt, updatedAt string
}

const selectWarehouse = `SELECT id, name, code, address, is_default, active, type, created_at, updated_at FROM warehouses`

func (w *warehouse) scan(row interface{ Scan(...any) error }) error {
	return row.Scan(&w.id, &w.name, &w.code, &w.address, &w.isDefault, &w.active, &w.kind, &w.createdAt, &w.updatedAt)
}

// load reads the warehouse that a statement selects by id.
func (w *warehouse) load(ctx context.Context, stmt *sql.Stmt, id string) error {
	err := w.scan(stmt.QueryRowContext(ctx, id))
	if errors.Is(err, sql.ErrNoRows) {
		return notFound("Warehouse")
	}
	if err != nil {
		return fmt.Errorf("reading a warehouse: %w", err)
	}
	return nil
}

// warehouseJSON is a warehouse in the published dialect.
type warehouseJSON struct {
	ID        string  `json:"id"`
	TenantID  string  `json:"tenantId"`
	Name      string  `json:"name"`
	Code      string  `json:"code"`
	Address   *string `json:"address"`
	IsDefault bool    `json:"isDefault"`
	Active    bool    `json:"active"`
	Type      string  `json:"type"`
	CreatedAt string  `json:"createdAt"`
	UpdatedAt string  `json:"updatedAt"`
}

// listWarehouses returns all warehouses, oldest first.
func (s *Server) listWarehouses(c *call) (*response, error) {
	rows, err := s.store.read.QueryContext(c.Context(), selectWarehouse+" ORDER BY seq")
	if err != nil {
		return nil, fmt.Errorf("reading the warehouses: %w", err)
	}
	all, err := collect(rows, func(rows *sql.Rows) (any, error) {
		var w warehouse
		err := w.scan(rows)
		return s.view.warehouse(&w), err
	})
	if err != nil {
		return nil, err
	}
	return ok(all), nil
}

// put writes the row. The caller has checked that its code is free.
func (w *warehouse) put(ctx context.Context, tx *sql.Tx) error {
	if w.isDefault {
		_, err := tx.ExecContext(ctx, "UPDATE warehouses SET is_default = 0, updated_at = ? WHERE is_default AND id <> ?", w.updatedAt, w.id)
		if err != nil {
			return fmt.Errorf("moving the default: %w", err)
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO warehouses (id, name, code, address, is_default, active, type, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, code = excluded.code, address = excluded.address,
			is_default = excluded.is_default, active = excluded.active, updated_at = excluded.updated_at`,
		w.id, w.name, w.code, w.address, w.isDefault, w.active, w.kind, w.createdAt, w.updatedAt)
	if err != nil {
		return fmt.Errorf("writing a warehouse: %w", err)
	}
	return nil
}
