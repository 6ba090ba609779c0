package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const itemColumns = `p.id, '', p.name, p.type, p.code, '', p.archived, p.seen FROM products p`

const skuColumns = `s.product_id, s.id, p.name, p.type, s.code, s.attributes, p.archived, p.seen FROM skus s JOIN products p ON p.id = s.product_id`

// most is the highest number of candidates in one result: a longer list does not
// help.
const most = 20

// ByID returns the items of an id: a product's, or a SKU's.
func (c *Copy) ByID(ctx context.Context, id string) ([]Item, error) {
	return c.items(ctx, "SELECT "+itemColumns+" WHERE p.id = ?1 UNION ALL SELECT "+skuColumns+" WHERE s.id = ?1 LIMIT ?2", id, most)
}

// ByCode returns the items with exactly this code or, if there are none, with the
// code in another case. Archived items are only returned if no other has it.
func (c *Copy) ByCode(ctx context.Context, code string) ([]Item, error) {
	list, err := c.items(ctx, "SELECT "+itemColumns+" WHERE p.code_key = ?1 UNION ALL SELECT "+skuColumns+" WHERE s.code_key = ?1 LIMIT ?2", Fold(code), most)
	list = prefer(list, func(i Item) bool { return !i.Archived })
	return prefer(list, func(i Item) bool { return i.Code == code }), err
}

// ByName returns the products with exactly this name.
func (c *Copy) ByName(ctx context.Context, name string) ([]Item, error) {
	list, err := c.items(ctx, "SELECT "+itemColumns+" WHERE p.name = ? LIMIT ?", name, most)
	return prefer(list, func(i Item) bool { return !i.Archived }), err
}

// prefer returns the wanted items, or all if there are none.
func prefer(list []Item, wanted func(Item) bool) []Item {
	var out []Item
	for _, i := range list {
		if wanted(i) {
			out = append(out, i)
		}
	}
	if len(out) == 0 {
		return list
	}
	return out
}

// SKUs returns the SKUs of a product.
func (c *Copy) SKUs(ctx context.Context, product string) ([]Item, error) {
	return c.items(ctx, "SELECT "+skuColumns+" WHERE s.product_id = ?", product)
}

// All returns every item of the copy.
func (c *Copy) All(ctx context.Context) ([]Item, error) {
	return c.items(ctx, "SELECT "+itemColumns+" UNION ALL SELECT "+skuColumns)
}

// Like returns the items with a code or id that begins with a text, matches of
// codes first.
func (c *Copy) Like(ctx context.Context, start string, limit int) ([]Item, error) {
	end := Fold(start) + "\U0010FFFF"
	list, err := c.items(ctx, `SELECT * FROM (SELECT `+itemColumns+` WHERE p.code_key >= ?1 AND p.code_key < ?2 AND NOT p.archived ORDER BY p.code_key LIMIT ?3)
		UNION ALL SELECT * FROM (SELECT `+skuColumns+` WHERE s.code_key >= ?1 AND s.code_key < ?2 AND NOT p.archived ORDER BY s.code_key LIMIT ?3)`,
		Fold(start), end, limit)
	if err != nil {
		return nil, err
	}
	byID, err := c.items(ctx, `SELECT * FROM (SELECT `+itemColumns+` WHERE p.id >= ?1 AND p.id < ?2 AND NOT p.archived ORDER BY p.id LIMIT ?3)
		UNION ALL SELECT * FROM (SELECT `+skuColumns+` WHERE s.id >= ?1 AND s.id < ?2 AND NOT p.archived ORDER BY s.id LIMIT ?3)`,
		start, start+"\U0010FFFF", limit)
	return append(list, byID...), err
}

func (c *Copy) items(ctx context.Context, query string, args ...any) (out []Item, err error) {
	err = c.query(ctx, query, args, func() { out = nil }, func(rows *sql.Rows) error {
		var i Item
		var seen int64
		err := rows.Scan(&i.ProductID, &i.SKUID, &i.Name, &i.Type, &i.Code, &i.Attributes, &i.Archived, &seen)
		i.Seen = time.Unix(0, seen)
		out = append(out, i)
		return err
	})
	return out, err
}

// Warehouses returns the store's warehouses, as they were last read.
func (c *Copy) Warehouses(ctx context.Context) (out []Warehouse, err error) {
	err = c.query(ctx, "SELECT id, code, name, active FROM warehouses ORDER BY position", nil, func() { out = nil }, func(rows *sql.Rows) error {
		var w Warehouse
		err := rows.Scan(&w.ID, &w.Code, &w.Name, &w.Active)
		out = append(out, w)
		return err
	})
	return out, err
}

// Record returns the item and warehouse of a record, or false if they are not known.
func (c *Copy) Record(ctx context.Context, id string) (r Record, known bool, err error) {
	err = c.query(ctx, "SELECT id, product_id, sku_id, warehouse_id FROM records WHERE id = ?", []any{id}, func() { known = false }, func(rows *sql.Rows) error {
		known = true
		return rows.Scan(&r.ID, &r.ProductID, &r.SKUID, &r.WarehouseID)
	})
	return r, known, err
}

// Records returns the known records, oldest first: those of one product or, if product is
// blank, all.
func (c *Copy) Records(ctx context.Context, product string, limit int) ([]Record, error) {
	where, args := "", []any{}
	if product != "" {
		where, args = " WHERE product_id = ?", append(args, product)
	}
	return c.records(ctx, where, args, limit)
}

// RecordsLike returns the records of products with an id that begins with a text.
func (c *Copy) RecordsLike(ctx context.Context, start string, limit int) ([]Record, error) {
	return c.records(ctx, " WHERE product_id >= ? AND product_id < ?", []any{start, start + "\U0010FFFF"}, limit)
}

func (c *Copy) records(ctx context.Context, where string, args []any, limit int) (out []Record, err error) {
	query := "SELECT id, product_id, sku_id, warehouse_id FROM records" + where
	err = c.query(ctx, query+" ORDER BY position LIMIT ?", append(args, limit), func() { out = nil }, func(rows *sql.Rows) error {
		var r Record
		err := rows.Scan(&r.ID, &r.ProductID, &r.SKUID, &r.WarehouseID)
		out = append(out, r)
		return err
	})
	return out, err
}

// Complete returns when the whole product list was last read, or false for never.
func (c *Copy) Complete(ctx context.Context) (at time.Time, complete bool, err error) {
	value, complete, err := c.fact(ctx, factComplete)
	return time.Unix(0, value), complete, err
}

// Size returns the number of products and SKUs in the copy.
func (c *Copy) Size(ctx context.Context) (products, skus int, err error) {
	err = c.query(ctx, "SELECT (SELECT count(*) FROM products), (SELECT count(*) FROM skus)", nil, func() {}, func(rows *sql.Rows) error {
		return rows.Scan(&products, &skus)
	})
	return products, skus, err
}

// Total returns how many products the store said it has.
func (c *Copy) Total(ctx context.Context) (total int, known bool, err error) {
	value, known, err := c.fact(ctx, factTotal)
	return int(value), known, err
}

// Stamped returns when Stamp was last called for a name, or false for never.
func (c *Copy) Stamped(ctx context.Context, name string) (at time.Time, known bool, err error) {
	value, known, err := c.fact(ctx, "mark "+name)
	return time.Unix(0, value), known, err
}

func (c *Copy) fact(ctx context.Context, name string) (value int64, known bool, err error) {
	err = c.query(ctx, "SELECT value FROM facts WHERE name = ?", []any{name}, func() { known = false }, func(rows *sql.Rows) error {
		known = true
		return rows.Scan(&value)
	})
	return value, known, err
}

// query visits the rows of a result. It calls start before the first row, and again
// if the query is repeated.
func (c *Copy) query(ctx context.Context, query string, args []any, start func(), visit func(*sql.Rows) error) error {
	return c.use(ctx, func(db *sql.DB) (err error) {
		start()
		rows, err := db.QueryContext(ctx, query, args...)
		if err != nil {
			return fmt.Errorf("reading the copy of the names: %w", err)
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			if err := visit(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}
