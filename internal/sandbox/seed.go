package sandbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// The moments of the seeded shop: fixed, so that a fresh sandbox always
// answers alike.
const (
	seededAt = "2026-01-05T09:00:00.000Z"
	soldAt   = "2026-01-12T15:30:00.000Z"
)

// seedActor signs what the platform did by itself.
const seedActor = "ShopSynch"

// seedWarehouse is the default warehouse, where the platform makes a record
// for every product.
const seedWarehouse = "wh_abc123"

// seed fills an empty database with the published samples' shop: two
// warehouses, the records that the platform makes in the default one, and a
// sale that left one SKU low.
func seed(ctx context.Context, tx *sql.Tx) error {
	lagos, abuja := "12 Marina Road, Lagos", "4 Garki Close, Abuja"
	for _, w := range []*warehouse{
		{id: seedWarehouse, name: "Lagos Main", code: "LGS-01", address: &lagos, isDefault: true},
		{id: "wh_def456", name: "Abuja", code: "ABJ-01", address: &abuja},
	} {
		w.active, w.kind, w.createdAt, w.updatedAt = true, owned, seededAt, seededAt
		if err := w.put(ctx, tx); err != nil {
			return err
		}
	}
	return seedRecords(ctx, tx)
}

func seedRecords(ctx context.Context, tx *sql.Tx) (err error) {
	addRecord, err := tx.PrepareContext(ctx, insertRecord)
	if err != nil {
		return fmt.Errorf("seeding: %w", err)
	}
	defer func() { err = errors.Join(err, addRecord.Close()) }()
	addMovement, err := tx.PrepareContext(ctx, insertMovement)
	if err != nil {
		return fmt.Errorf("seeding: %w", err)
	}
	defer func() { err = errors.Join(err, addMovement.Close()) }()

	products := seededCatalogue()
	for _, one := range []struct {
		id, product, sku, location string
		qty, sold, level, restock  int64
	}{
		{"inv_xyz789", "prod_abc123", "", "A-01-1", 120, 0, 20, 100},
		{"inv_red128", "prod_phone_789", "sku_red_128gb", "B-02-1", 25, 0, 5, 20},
		{"inv_red256", "prod_phone_789", "sku_red_256gb", "B-02-2", 15, 12, 5, 20},
		{"inv_blue128", "prod_phone_789", "sku_blue_128gb", "B-02-3", 40, 0, 5, 20},
		{"inv_blue256", "prod_phone_789", "sku_blue_256gb", "B-02-4", 18, 0, 5, 20},
		{"inv_ebook101", "prod_ebook_101", "", "", 500, 0, 0, 0},
	} {
		r := &record{
			id: one.id, productID: one.product, skuID: one.sku, warehouseID: seedWarehouse,
			onHand: one.qty - one.sold, createdAt: seededAt, updatedAt: seededAt,
		}
		if one.location != "" {
			r.location, r.reorderLevel, r.reorderQty = &one.location, &one.level, &one.restock
		}
		if k := products.find(one.product).findSKU(one.sku); k != nil {
			attributes := encode(k.attributes)
			r.variantAttributes = &attributes
		}
		if _, err := r.insert(ctx, addRecord); err != nil {
			return err
		}
		first := &movement{
			id: "log_" + one.id[len("inv_"):], recordID: r.id, productID: r.productID,
			action: received, change: one.qty, actor: seedActor, at: seededAt,
		}
		if err := first.insert(ctx, addMovement); err != nil {
			return err
		}
	}
	return seedSale(ctx, tx, addMovement)
}

// seedSale is the one movement after the first stock: twelve red phones to one
// customer.
func seedSale(ctx context.Context, tx *sql.Tx, addMovement *sql.Stmt) error {
	const id, actor = "inv_red256", seedActor
	_, err := tx.ExecContext(ctx, "UPDATE records SET updated_at = ?, last_stock_adjusted = ?, last_adjusted_by = ? WHERE id = ?",
		soldAt, soldAt, actor, id)
	if err != nil {
		return fmt.Errorf("seeding: %w", err)
	}
	reference, notes := "SO-1001", "Office order"
	m := &movement{
		id: "log_red256_sale", recordID: id, productID: "prod_phone_789", action: sold, change: -12,
		reference: &reference, notes: &notes, actor: actor, at: soldAt,
	}
	return m.insert(ctx, addMovement)
}
