package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/api"
)

// The facts that are stored about a copy.
const (
	factComplete = "complete" // when the last complete reading began, in nanoseconds
	factTotal    = "total"    // how many products the store has, according to the API
)

// flush writes what was learned, unless an earlier run wrote the same. Products are always
// written, with the time. The caller holds the lock.
func (c *Copy) flush(ctx context.Context) error {
	l := c.learned
	if l.empty() {
		return nil
	}
	c.learned = learned{}
	what := l.digest()
	if len(l.products) == 0 && c.unkept == nil && c.place.has(c.opened, what) {
		c.kept = append(c.kept, what)
		return nil
	}
	err := within(ctx, c.db, func(tx *sql.Tx) error {
		err := writeWarehouses(ctx, tx, l.warehouses, l.changed)
		if err == nil {
			err = writeRecords(ctx, tx, l.records)
		}
		if err == nil {
			err = writeProducts(ctx, tx, l.products, nil, c.now())
		}
		return err
	})
	if err != nil {
		return err
	}
	if l.warehouses != nil || len(l.changed) > 0 { // they replace what was written before
		c.kept = nil
	}
	c.kept = append(c.kept, what)
	return nil
}

func within(ctx context.Context, db *sql.DB, fn func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("writing the copy of the names: %w", err)
	}
	if err := fn(tx); err != nil {
		return errors.Join(fmt.Errorf("writing the copy of the names: %w", err), tx.Rollback())
	}
	return tx.Commit()
}

// writeWarehouses replaces all warehouses with the list, unless that is nil, and
// then adds those that were read one by one.
func writeWarehouses(ctx context.Context, tx *sql.Tx, all, changed []api.Warehouse) error {
	if all != nil {
		if _, err := tx.ExecContext(ctx, "DELETE FROM warehouses"); err != nil {
			return err
		}
	}
	for _, w := range slices.Concat(all, changed) {
		_, err := tx.ExecContext(ctx, `INSERT INTO warehouses (id, code, name, active) VALUES (?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name, active = excluded.active`, w.ID, w.Code, w.Name, w.Active)
		if err != nil {
			return err
		}
	}
	return nil
}

func writeRecords(ctx context.Context, tx *sql.Tx, list []Record) (err error) {
	if len(list) == 0 {
		return nil
	}
	add, err := tx.PrepareContext(ctx, `INSERT INTO records (id, product_id, sku_id, warehouse_id) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET product_id = excluded.product_id, sku_id = excluded.sku_id, warehouse_id = excluded.warehouse_id
		WHERE product_id <> excluded.product_id OR sku_id <> excluded.sku_id OR warehouse_id <> excluded.warehouse_id`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, add.Close()) }()
	for _, r := range list {
		if _, err := add.ExecContext(ctx, r.ID, r.ProductID, r.SKUID, r.WarehouseID); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM records WHERE position <= (SELECT max(position) FROM records) - ?", maxRecords)
	return err
}

// writeProducts adds products or replaces them. archived is nil if the response does
// not say.
func writeProducts(ctx context.Context, tx *sql.Tx, list []api.Product, archived *bool, seen time.Time) (err error) {
	if len(list) == 0 {
		return nil
	}
	statements, err := prepare(ctx, tx,
		`INSERT INTO products (id, name, type, code, code_key, archived, seen) VALUES (?, ?, ?, ?, ?, coalesce(?, 0), ?)
			ON CONFLICT (id) DO UPDATE SET name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END, type = excluded.type, code = excluded.code,
			code_key = excluded.code_key, archived = coalesce(?6, archived), seen = max(seen, excluded.seen)`,
		"DELETE FROM skus WHERE product_id = ?",
		"INSERT OR REPLACE INTO skus (product_id, id, code, code_key, attributes) VALUES (?, ?, ?, ?, ?)")
	if err != nil {
		return err
	}
	defer func() {
		for _, s := range statements {
			err = errors.Join(err, s.Close())
		}
	}()
	for _, p := range list {
		if _, err := statements[0].ExecContext(ctx, p.ID, p.Name, p.ProductType, p.Code, keyOf(p.Code), archived, seen.UnixNano()); err != nil {
			return err
		}
		if _, err := statements[1].ExecContext(ctx, p.ID); err != nil {
			return err
		}
		for _, s := range p.SKUs() {
			if s.ID == "" {
				continue // without an id it cannot be looked up
			}
			if _, err := statements[2].ExecContext(ctx, p.ID, s.ID, s.Code, keyOf(s.Code), describe(s.Attributes)); err != nil {
				return err
			}
		}
	}
	return nil
}

func prepare(ctx context.Context, tx *sql.Tx, queries ...string) ([]*sql.Stmt, error) {
	var out []*sql.Stmt
	for _, q := range queries {
		s, err := tx.PrepareContext(ctx, q) //nolint:sqlclosecheck // the caller closes them
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// keyOf returns the key for finding a code.
func keyOf(code string) any {
	if code == "" {
		return nil
	}
	return Fold(code)
}

func describe(attributes map[string]string) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		parts = append(parts, name+" "+attributes[name])
	}
	return strings.Join(parts, ", ")
}

// Filling writes a complete reading of the product list.
type Filling struct {
	copy  *Copy
	began time.Time
}

// Fill starts to write a complete reading. Until End, LearnProducts has no effect:
// the reading includes every product.
func (c *Copy) Fill() *Filling {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.filling++
	return &Filling{c, c.now()}
}

// End ends the writing, whether or not it is complete.
func (f *Filling) End() {
	f.copy.mu.Lock()
	defer f.copy.mu.Unlock()
	f.copy.filling--
}

// Add writes some of the products.
func (f *Filling) Add(ctx context.Context, list []api.Product, archived bool) error {
	return f.copy.write(ctx, func(tx *sql.Tx) error { return writeProducts(ctx, tx, list, &archived, f.began) })
}

// Done ends the reading: products that were not in it no longer exist, and the copy
// counts as complete. If archived is false, archived products were not read, and
// their entries are kept. It returns false if the store is too large to keep.
func (f *Filling) Done(ctx context.Context, archived bool) (complete bool, err error) {
	err = f.copy.write(ctx, func(tx *sql.Tx) error {
		// Keep products that another process has read since the reading began.
		if _, err := tx.ExecContext(ctx, "DELETE FROM products WHERE seen < ? AND (NOT archived OR ?)", f.began.UnixNano(), archived); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM skus WHERE product_id NOT IN (SELECT id FROM products)"); err != nil {
			return err
		}
		var items int
		err := tx.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM products) + (SELECT count(*) FROM skus)").Scan(&items)
		if err != nil {
			return err
		}
		if items > maxItems {
			_, err := tx.ExecContext(ctx, "DELETE FROM skus; DELETE FROM products; DELETE FROM facts WHERE name = 'complete'")
			return err
		}
		complete = true
		return keep(ctx, tx, factComplete, f.began.UnixNano())
	})
	return complete, err
}

func keep(ctx context.Context, tx *sql.Tx, name string, value int64) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)
	return err
}

// KeepTotal saves how many products the store has.
func (c *Copy) KeepTotal(ctx context.Context, total int) error {
	return c.write(ctx, func(tx *sql.Tx) error { return keep(ctx, tx, factTotal, int64(total)) })
}

// Stamp saves the current time under a name; see Stamped.
func (c *Copy) Stamp(ctx context.Context, name string) error {
	return c.write(ctx, func(tx *sql.Tx) error { return keep(ctx, tx, "mark "+name, c.now().UnixNano()) })
}

func (c *Copy) write(ctx context.Context, fn func(*sql.Tx) error) error {
	return c.use(ctx, func(db *sql.DB) error { return within(ctx, db, fn) })
}
