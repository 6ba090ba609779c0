package sandbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// The times in the seeded shop are fixed, so that every new sandbox is the same.
const (
	seededAt = "2026-01-05T09:00:00.000Z"
	soldAt   = "2026-01-12T15:30:00.000Z"
)

// seedActor is the author of movements that the platform made by itself.
const seedActor = "ShopSynch"

// builtIn returns the shop of the published samples: two warehouses, at least one
// product of each kind, the records that the platform creates in the default
// warehouse, and a sale that left one SKU low.
func builtIn() *Start {
	lagos, abuja := "12 Marina Road, Lagos", "4 Garki Close, Abuja"
	shop := &Start{products: samples(), builtIn: true, warehouses: []*warehouse{
		{id: "wh_abc123", name: "Lagos Main", code: "LGS-01", address: &lagos, isDefault: true},
		{id: "wh_def456", name: "Abuja", code: "ABJ-01", address: &abuja},
	}}
	for _, w := range shop.warehouses {
		w.active, w.kind, w.createdAt, w.updatedAt = true, owned, seededAt, seededAt
	}
	products := newCatalogue(shop.products, "")
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
		r := startRecord{received: one.qty, record: record{
			id: one.id, productID: one.product, skuID: one.sku, warehouseID: shop.warehouses[0].id,
			onHand: one.qty - one.sold, createdAt: seededAt, updatedAt: seededAt,
		}}
		if one.location != "" {
			r.location, r.reorderLevel, r.reorderQty = &one.location, &one.level, &one.restock
		}
		if k := products.find(one.product).findSKU(one.sku); k != nil {
			attributes := encode(k.attributes)
			r.variantAttributes = &attributes
		}
		shop.records = append(shop.records, r)
	}
	return shop
}

// seed writes a shop to an empty database.
func seed(ctx context.Context, tx *sql.Tx, shop *Start) error {
	if shop == nil {
		shop = builtIn()
	}
	if err := keepProducts(ctx, tx, shop); err != nil {
		return fmt.Errorf("seeding: %w", err)
	}
	for _, w := range shop.warehouses {
		if err := w.put(ctx, tx); err != nil {
			return err
		}
	}
	return shop.seedRecords(ctx, tx)
}

// seedRecords adds the records, with movements for what was received and reserved.
func (shop *Start) seedRecords(ctx context.Context, tx *sql.Tx) (err error) {
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
	for _, r := range shop.records {
		if _, err := r.insert(ctx, addRecord); err != nil {
			return err
		}
		for _, m := range []movement{
			{id: "log_" + strings.TrimPrefix(r.id, "inv_"), action: received, change: r.received},
			{id: "log_" + strings.TrimPrefix(r.id, "inv_") + "_reserved", action: reserved, change: -r.reserved},
		} {
			if m.change == 0 {
				continue
			}
			m.recordID, m.productID, m.actor, m.at = r.id, r.productID, seedActor, seededAt
			if err := m.insert(ctx, addMovement); err != nil {
				return err
			}
		}
	}
	if !shop.builtIn {
		return nil
	}
	return seedSale(ctx, tx, addMovement)
}

// seedSale adds the only sale in the log: twelve red phones to one customer.
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

// samples returns the products of the published samples, and one product of each
// further kind.
func samples() []*product {
	phone := func(id, code, tint, storage string, price float64) sku {
		return sku{id, code, price, map[string]string{"Color": tint, "Storage": storage}}
	}
	return []*product{
		{
			id: "prod_abc123", name: "Canvas Tote Bag", kind: simple, code: "TOTE-CANVAS", price: 5500,
			createdAt: "2026-01-05T08:00:00.000Z", attributes: map[string]string{"Material": "Canvas"},
		},
		{
			id: "prod_phone_789", name: "Aurora Phone", kind: variable, price: 420000,
			createdAt: "2026-01-05T08:10:00.000Z", attributes: map[string]string{"Brand": "Aurora"},
			groups: []variantGroup{
				{"vg_red", "Color", "Red", []sku{
					phone("sku_red_128gb", "PHONE-RED-128", "Red", "128GB", 420000),
					phone("sku_red_256gb", "PHONE-RED-256", "Red", "256GB", 480000),
				}},
				{"vg_blue", "Color", "Blue", []sku{
					phone("sku_blue_128gb", "PHONE-BLUE-128", "Blue", "128GB", 420000),
					phone("sku_blue_256gb", "PHONE-BLUE-256", "Blue", "256GB", 480000),
				}},
			},
		},
		{
			id: "prod_ebook_101", name: "Stock Keeping for Beginners", kind: digital, code: "EBOOK-STOCK", price: 2500,
			createdAt: "2026-01-05T08:20:00.000Z", attributes: map[string]string{"Format": "EPUB"},
		},
		{
			id: "prod_bundle_202", name: "Phone and Tote Bundle", kind: bundle, price: 424000,
			createdAt: "2026-01-05T08:30:00.000Z",
		},
		{
			id: "prod_mug", name: "Enamel Mug", kind: simple, code: "MUG-ENAMEL", price: 1800,
			createdAt: "2026-01-05T08:40:00.000Z", attributes: map[string]string{"Material": "Enamel"},
		},
		{
			id: "prod_retired_303", name: "Paper Bag", kind: simple, code: "BAG-PAPER", price: 150, archived: true,
			createdAt: "2025-11-20T08:00:00.000Z", attributes: map[string]string{"Material": "Paper"},
		},
	}
}
