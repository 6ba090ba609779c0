package sandbox

import (
	"context"
	"database/sql"
	"fmt"
)

// statements are prepared once for calls that are made by the thousand.
type statements struct {
	warehouse, insertRecord, insertMovement, record, updateRecord *sql.Stmt // prepared on the write pool
	stock, setting                                                *sql.Stmt // prepared on the read pool
}

// prepareStatements prepares the statements. Closing their pools closes them.
func (s *store) prepareStatements(ctx context.Context) error {
	p := &s.prepared
	for _, one := range []struct {
		to   **sql.Stmt
		on   *sql.DB
		text string
	}{
		{&p.warehouse, s.write, selectWarehouse + " WHERE id = ?"},
		{&p.insertRecord, s.write, insertRecord},
		{&p.insertMovement, s.write, insertMovement},
		{&p.record, s.write, selectRecord + " WHERE r.id = ?"},
		{&p.updateRecord, s.write, updateRecord},
		{&p.stock, s.read, selectRecord + " WHERE r.product_id = ? ORDER BY r.seq"},
		{&p.setting, s.read, "SELECT value FROM settings WHERE name = ?"},
	} {
		var err error
		if *one.to, err = one.on.PrepareContext(ctx, one.text); err != nil { //nolint:sqlclosecheck // they live as long as their pools
			return fmt.Errorf("preparing a statement: %w", err)
		}
	}
	return nil
}
