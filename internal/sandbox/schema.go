package sandbox

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/bayworks/stockctl/internal/failure"
)

// applicationID marks a database file as a sandbox ("stkc"), so that the sandbox
// never writes to the database of another program.
const applicationID = 0x73746b63

// schemaVersion is the current version of the schema.
const schemaVersion = 1

const schema = `
CREATE TABLE settings (
	name  TEXT PRIMARY KEY,
	value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE warehouses (
	seq        INTEGER PRIMARY KEY,
	id         TEXT NOT NULL UNIQUE,
	name       TEXT NOT NULL,
	code       TEXT NOT NULL COLLATE NOCASE UNIQUE,
	address    TEXT,
	is_default INTEGER NOT NULL,
	active     INTEGER NOT NULL,
	type       TEXT NOT NULL,
	created_at TEXT NOT NULL,
	updated_at TEXT NOT NULL
);
CREATE UNIQUE INDEX one_default ON warehouses (is_default) WHERE is_default;

-- sku_id is '' for a record without a SKU, so that the unique key covers it too.
CREATE TABLE records (
	seq                 INTEGER PRIMARY KEY,
	id                  TEXT NOT NULL UNIQUE,
	product_id          TEXT NOT NULL,
	sku_id              TEXT NOT NULL,
	warehouse_id        TEXT NOT NULL REFERENCES warehouses (id),
	location            TEXT,
	on_hand             INTEGER NOT NULL CHECK (on_hand >= 0),
	reserved            INTEGER NOT NULL CHECK (reserved >= 0),
	reorder_level       INTEGER,
	reorder_qty         INTEGER,
	variant_attributes  TEXT,
	created_at          TEXT NOT NULL,
	updated_at          TEXT NOT NULL,
	last_stock_adjusted TEXT,
	last_adjusted_by    TEXT,
	UNIQUE (product_id, sku_id, warehouse_id)
);

CREATE TABLE movements (
	seq          INTEGER PRIMARY KEY,
	id           TEXT NOT NULL,
	inventory_id TEXT NOT NULL,
	product_id   TEXT NOT NULL,
	action       TEXT NOT NULL,
	qty_change   INTEGER NOT NULL,
	reference    TEXT,
	notes        TEXT,
	adjusted_by  TEXT NOT NULL,
	at           TEXT NOT NULL
);
`

// prepare turns a new database into a sandbox, or checks that it is one.
func (s *store) prepare(ctx context.Context, shop *Start) error {
	if err := s.inWrite(ctx, func(tx *sql.Tx) error { return s.adopt(ctx, tx, shop) }); err != nil {
		return err
	}
	if s.anchor == nil {
		// This writes to the file, so it must be known to be ours first.
		if err := s.writeAhead(ctx); err != nil {
			return fmt.Errorf("enabling the write-ahead log: %w", err)
		}
	}
	return s.prepareStatements(ctx)
}

// writeAhead enables the write-ahead log. SQLite does not wait for the locks that
// this takes, so it is retried for some seconds in case several servers open a new
// file at the same time.
func (s *store) writeAhead(ctx context.Context) error {
	for tries := 1; ; tries++ {
		var mode string
		err := s.write.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode)
		var refused *sqlite.Error
		busy := errors.As(err, &refused) && refused.Code()&0xff == sqlite3.SQLITE_BUSY
		if !busy || tries == 500 {
			return err
		}
		if err := wait(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
}

// adopt creates the schema in an empty database and seeds it. Of any other
// database it checks which program and version wrote it. It also reads the secret.
func (s *store) adopt(ctx context.Context, tx *sql.Tx, shop *Start) error {
	var id, version, tables int
	for query, to := range map[string]*int{
		"PRAGMA application_id":              &id,
		"PRAGMA user_version":                &version,
		"SELECT count(*) FROM sqlite_schema": &tables,
	} {
		if err := tx.QueryRowContext(ctx, query).Scan(to); err != nil {
			return err
		}
	}
	switch {
	case id == applicationID && version == schemaVersion && shop != nil:
		return failure.Usagef("the sandbox database already contains a shop; a start file needs a new database").
			Hint("leave out the start file to continue with the existing shop, or choose another database")
	case id == applicationID && version == schemaVersion:
	case id == applicationID:
		return failure.New(failure.Config, "the sandbox database was written by another version of this program (schema %d, this one reads %d)", version, schemaVersion).
			Hint("remove the file, or choose another one")
	case id != 0 || version != 0 || tables != 0:
		return failure.New(failure.Config, "the file is the database of another program, not a sandbox").
			Hint("choose another file")
	default:
		if err := create(ctx, tx, shop); err != nil {
			return err
		}
	}
	return tx.QueryRowContext(ctx, "SELECT value FROM settings WHERE name = 'token_secret'").Scan(&s.secret)
}

// create writes the schema, a secret for the tokens and the shop.
func create(ctx context.Context, tx *sql.Tx, shop *Start) error {
	marks := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, schemaVersion)
	if _, err := tx.ExecContext(ctx, schema+marks); err != nil {
		return fmt.Errorf("creating the schema: %w", err)
	}
	secret := make([]byte, 32)
	rand.Read(secret) // documented to never fail
	if _, err := tx.ExecContext(ctx, "INSERT INTO settings (name, value) VALUES ('token_secret', ?)", secret); err != nil {
		return err
	}
	return seed(ctx, tx, shop)
}

// reset replaces the shop by another one and keeps the secret.
func (s *store) reset(ctx context.Context, shop *Start) error {
	return s.inWrite(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM movements; DELETE FROM records; DELETE FROM warehouses;"); err != nil {
			return fmt.Errorf("emptying the sandbox: %w", err)
		}
		return seed(ctx, tx, shop)
	})
}
