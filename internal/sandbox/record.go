package sandbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// record is an inventory record: one product or SKU in one warehouse.
type record struct {
	id, productID, skuID, warehouseID, warehouseName string

	location                *string
	onHand, reserved        int64
	reorderLevel            *int64
	reorderQty              *int64
	variantAttributes       *string // JSON
	createdAt, updatedAt    string
	lastAdjusted, lastActor *string
}

func (r *record) available() int64 { return r.onHand - r.reserved }

const selectRecord = `SELECT r.id, r.product_id, r.sku_id, r.warehouse_id, w.name, r.location, r.on_hand, r.reserved,
	r.reorder_level, r.reorder_qty, r.variant_attributes, r.created_at, r.updated_at, r.last_stock_adjusted, r.last_adjusted_by
	FROM records r JOIN warehouses w ON w.id = r.warehouse_id`

// The first insert of a key wins; a second one changes nothing.
const insertRecord = `INSERT INTO records (id, product_id, sku_id, warehouse_id, location, on_hand, reserved,
	reorder_level, reorder_qty, variant_attributes, created_at, updated_at)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (product_id, sku_id, warehouse_id) DO NOTHING`

const updateRecord = `UPDATE records SET on_hand = ?, reserved = ?, updated_at = ?, last_stock_adjusted = ?, last_adjusted_by = ?
	WHERE id = ?`

func (r *record) scan(row interface{ Scan(...any) error }) error {
	return row.Scan(&r.id, &r.productID, &r.skuID, &r.warehouseID, &r.warehouseName, &r.location, &r.onHand, &r.reserved,
		&r.reorderLevel, &r.reorderQty, &r.variantAttributes, &r.createdAt, &r.updatedAt, &r.lastAdjusted, &r.lastActor)
}

// load reads the record that a statement selects by id.
func (r *record) load(ctx context.Context, stmt *sql.Stmt, id string) error {
	err := r.scan(stmt.QueryRowContext(ctx, id))
	if errors.Is(err, sql.ErrNoRows) {
		return notFound("Inventory record")
	}
	if err != nil {
		return fmt.Errorf("reading a record: %w", err)
	}
	return nil
}

// insert adds the record. It reports false if its key is taken.
func (r *record) insert(ctx context.Context, stmt *sql.Stmt) (bool, error) {
	result, err := stmt.ExecContext(ctx, r.id, r.productID, r.skuID, r.warehouseID, r.location, r.onHand, r.reserved,
		r.reorderLevel, r.reorderQty, r.variantAttributes, r.createdAt, r.updatedAt)
	if err != nil {
		return false, fmt.Errorf("adding a record: %w", err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// update writes the fields that movements change.
func (r *record) update(ctx context.Context, stmt *sql.Stmt) error {
	_, err := stmt.ExecContext(ctx, r.onHand, r.reserved, r.updatedAt, r.lastAdjusted, r.lastActor, r.id)
	if err != nil {
		return fmt.Errorf("changing a record: %w", err)
	}
	return nil
}

// recordJSON is a record in a response.
type recordJSON struct {
	ID                string          `json:"id"`
	ProductID         string          `json:"productId"`
	SKUID             *string         `json:"skuId"`
	TenantID          string          `json:"tenantId"`
	WarehouseID       string          `json:"warehouseId"`
	WarehouseName     string          `json:"warehouseName"`
	Location          *string         `json:"location"`
	OnHandQty         int64           `json:"onHandQty"`
	ReservedQty       int64           `json:"reservedQty"`
	AvailableQty      int64           `json:"availableQty"`
	ReorderLevel      *int64          `json:"reorderLevel"`
	ReorderQty        *int64          `json:"reorderQty"`
	VariantAttributes json.RawMessage `json:"variantAttributes"`
	CreatedAt         string          `json:"createdAt"`
	UpdatedAt         string          `json:"updatedAt"`
}

// lowStockJSON is a record in the low-stock list.
type lowStockJSON struct {
	recordJSON
	LastStockAdjusted *string `json:"lastStockAdjusted"`
}

// adjustedJSON is a record in the response to an adjustment.
type adjustedJSON struct {
	lowStockJSON
	LastAdjustedBy *string `json:"lastAdjustedBy"`
}

// quantitiesJSON is a record in the response to reserve and release.
type quantitiesJSON struct {
	ID           string `json:"id"`
	OnHandQty    int64  `json:"onHandQty"`
	ReservedQty  int64  `json:"reservedQty"`
	AvailableQty int64  `json:"availableQty"`
}

func (r *record) json(v view) recordJSON {
	out := recordJSON{
		ID:            r.id,
		ProductID:     r.productID,
		TenantID:      tenantID,
		WarehouseID:   r.warehouseID,
		WarehouseName: r.warehouseName,
		Location:      r.location,
		OnHandQty:     r.onHand,
		ReservedQty:   r.reserved,
		AvailableQty:  r.available(),
		ReorderLevel:  r.reorderLevel,
		ReorderQty:    r.reorderQty,
		CreatedAt:     v.stamp(r.createdAt),
		UpdatedAt:     v.stamp(r.updatedAt),
	}
	if r.skuID != "" {
		out.SKUID = &r.skuID
	}
	if r.variantAttributes != nil {
		out.VariantAttributes = json.RawMessage(*r.variantAttributes)
	}
	return out
}

func (r *record) lowStockJSON(v view) lowStockJSON {
	out := lowStockJSON{recordJSON: r.json(v)}
	if r.lastAdjusted != nil {
		at := v.stamp(*r.lastAdjusted)
		out.LastStockAdjusted = &at
	}
	return out
}

func (r *record) adjustedJSON(v view) adjustedJSON {
	return adjustedJSON{r.lowStockJSON(v), r.lastActor}
}
