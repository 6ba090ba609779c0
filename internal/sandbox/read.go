package sandbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// listRecords answers a page of records, oldest first, so that a record that is
// added while somebody reads on comes last.
func (s *Server) listRecords(c *call) (*answer, error) {
	return listPage(s, c, contentKey, "records", selectRecord+" ORDER BY r.seq LIMIT ? OFFSET ?",
		func(rows *sql.Rows) (recordJSON, error) {
			var r record
			err := r.scan(rows)
			return r.json(s.view), err
		})
}

// listMovements answers a page of the log, newest first.
func (s *Server) listMovements(c *call) (*answer, error) {
	return listPage(s, c, logsKey, "movements", selectMovement+" ORDER BY seq DESC LIMIT ? OFFSET ?",
		func(rows *sql.Rows) (any, error) {
			var m movement
			err := m.scan(rows)
			return s.view.movement(&m), err
		})
}

// listPage answers one page of a table. The total and the rows are read from
// one state of the database, so that they agree.
func listPage[T any](s *Server, c *call, key, table, query string, read func(*sql.Rows) (T, error)) (*answer, error) {
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

// productStock answers the records of a product, or of one of its SKUs, in
// every warehouse. Of a product nobody knows there are none.
func (s *Server) productStock(c *call) (*answer, error) {
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

// lowStock answers the records whose available quantity is at or below their
// reorder level; a record without a level is never low.
func (s *Server) lowStock(c *call) (*answer, error) {
	rows, err := s.store.read.QueryContext(c.Context(),
		selectRecord+" WHERE r.on_hand - r.reserved <= r.reorder_level ORDER BY r.seq")
	if err != nil {
		return nil, fmt.Errorf("reading what is low: %w", err)
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

// collect reads rows to their end and closes them. No row is an empty list,
// not nil, which JSON would write as null.
func collect[T any](rows *sql.Rows, read func(*sql.Rows) (T, error)) ([]T, error) {
	out := []T{}
	for rows.Next() {
		one, err := read(rows)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		out = append(out, one)
	}
	// The end of the rows has closed them; what ended them early is told here.
	return out, rows.Err()
}
