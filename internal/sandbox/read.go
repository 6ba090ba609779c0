package sandbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// listRecords returns a page of records, oldest first, so that records added
// while a client reads the pages come last.
func (s *Server) listRecords(c *call) (*response, error) {
	return listPage(s, c, contentKey, "records", selectRecord+" ORDER BY r.seq LIMIT ? OFFSET ?",
		func(rows *sql.Rows) (recordJSON, error) {
			var r record
			err := r.scan(rows)
			return r.json(s.view), err
		})
}

// listMovements returns a page of the log, newest first.
func (s *Server) listMovements(c *call) (*response, error) {
	return listPage(s, c, logsKey, "movements", selectMovement+" ORDER BY seq DESC LIMIT ? OFFSET ?",
		func(rows *sql.Rows) (any, error) {
			var m movement
			err := m.scan(rows)
			return s.view.movement(&m), err
		})
}

// listPage returns one page of a table. It reads the total and the rows in one
// transaction, so that they agree.
func listPage[T any](s *Server, c *call, key, table, query string, read func(*sql.Rows) (T, error)) (*response, error) {
	page, limit, err := pageOf(c.URL.Query())
	if err != nil {
		return nil, err
	}
	ctx := c.Context()
	var rows []T
	var total int
	err = s.store.inRead(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&total); err != nil {
			return fmt.Errorf("counting %s: %w", table, err)
		}
		found, err := tx.QueryContext(ctx, query, limit, int64(page)*int64(limit))
		if err != nil {
			return fmt.Errorf("reading %s: %w", table, err)
		}
		rows, err = collect(found, read)
		return err
	})
	if err != nil {
		return nil, err
	}
	return ok(s.view.page(key, rows, slice{page: page, limit: limit, total: total})), nil
}

// productStock returns the records of a product, or of one of its SKUs, in all
// warehouses. For an unknown product the list is empty.
func (s *Server) productStock(c *call) (*response, error) {
	records, err := s.stockOf(c.Context(), c.ids[0])
	if err != nil {
		return nil, err
	}
	out := make([]recordJSON, 0, len(records))
	for _, r := range records {
		if len(c.ids) == 1 || r.skuID == c.ids[1] {
			out = append(out, r.json(s.view))
		}
	}
	return ok(s.view.stock(out)), nil
}

// stockOf reads the records of a product, oldest first.
func (s *Server) stockOf(ctx context.Context, productID string) ([]*record, error) {
	rows, err := s.store.prepared.stock.QueryContext(ctx, productID)
	if err != nil {
		return nil, fmt.Errorf("reading the stock of a product: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (*record, error) {
		r := &record{}
		return r, r.scan(rows)
	})
}

// lowStock returns the records with an available quantity at or below their
// reorder level. A record without a level is never low.
func (s *Server) lowStock(c *call) (*response, error) {
	rows, err := s.store.read.QueryContext(c.Context(),
		selectRecord+" WHERE r.on_hand - r.reserved <= r.reorder_level ORDER BY r.seq")
	if err != nil {
		return nil, fmt.Errorf("reading the low stock: %w", err)
	}
	low, err := collect(rows, func(rows *sql.Rows) (lowStockJSON, error) {
		var r record
		err := r.scan(rows)
		return r.lowStockJSON(s.view), err
	})
	if err != nil {
		return nil, err
	}
	return ok(low), nil
}

// collect reads all rows and closes them. Without rows it returns an empty list,
// not nil, which JSON would encode as null.
func collect[T any](rows *sql.Rows, read func(*sql.Rows) (T, error)) ([]T, error) {
	out := []T{}
	for rows.Next() {
		one, err := read(rows)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		out = append(out, one)
	}
	// Reading the last row closed them; Err reports why they ended early.
	return out, rows.Err()
}
