package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/bayworks/stockctl/internal/durable"
)

// applicationID marks the files as ours ("stkn"), schemaVersion numbers their
// schema. A file with other values is replaced.
const (
	applicationID = 0x73746b6e
	schemaVersion = 1
)

// A code_key is the folded code, or NULL without one.
const schema = `
CREATE TABLE facts (
	name  TEXT PRIMARY KEY,
	value INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE products (
	id       TEXT PRIMARY KEY,
	name     TEXT NOT NULL,
	type     TEXT NOT NULL,
	code     TEXT NOT NULL,
	code_key TEXT,
	archived INTEGER NOT NULL,
	seen     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX products_code ON products (code_key);
CREATE INDEX products_name ON products (name);
CREATE INDEX products_seen ON products (seen);
CREATE TABLE skus (
	product_id TEXT NOT NULL,
	id         TEXT NOT NULL,
	code       TEXT NOT NULL,
	code_key   TEXT,
	attributes TEXT NOT NULL,
	PRIMARY KEY (product_id, id)
) WITHOUT ROWID;
CREATE INDEX skus_id ON skus (id);
CREATE INDEX skus_code ON skus (code_key);
CREATE TABLE warehouses (
	position INTEGER PRIMARY KEY,
	id       TEXT NOT NULL UNIQUE,
	code     TEXT NOT NULL,
	name     TEXT NOT NULL,
	active   INTEGER NOT NULL
);
CREATE TABLE records (
	position     INTEGER PRIMARY KEY,
	id           TEXT NOT NULL UNIQUE,
	product_id   TEXT NOT NULL,
	sku_id       TEXT NOT NULL,
	warehouse_id TEXT NOT NULL
);
CREATE INDEX records_product ON records (product_id);
`

// pragmas apply to every connection. The copy may be lost in a power cut, so nothing
// waits for the disk.
const pragmas = "_pragma=busy_timeout(2000)&_pragma=synchronous(OFF)&_pragma=temp_store(memory)"

// maxFile is the maximum size in bytes: a larger file is replaced by an empty one.
const maxFile = 512 << 20

// errMarks is the error for a file of another version.
var errMarks = errors.New("the copy of the names has the marks of another version")

// openDatabase opens the file, or a database in memory for a blank path. A file
// that is damaged, too large or of another version is replaced.
func openDatabase(ctx context.Context, path string) (*sql.DB, error) {
	if path == "" {
		return connect(ctx, ":memory:")
	}
	if info, err := os.Stat(path); err == nil && info.Size() > maxFile {
		if err := removeDatabase(path); err != nil {
			return nil, err
		}
	}
	db, err := connectFile(ctx, path)
	if !damaged(err) && !errors.Is(err, errMarks) {
		return db, err
	}
	if removed := removeDatabase(path); removed != nil {
		return nil, errors.Join(err, removed)
	}
	return connectFile(ctx, path)
}

// damaged reports whether only a new file can fix the error.
func damaged(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	code := e.Code() & 0xff
	return code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB || code == sqlite3.SQLITE_SCHEMA || code == sqlite3.SQLITE_ERROR
}

func connectFile(ctx context.Context, path string) (*sql.DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := durable.MakeFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	// Created here, because SQLite leaves the mode to the umask. An existing file is
	// not opened: closing it would drop the locks that this process holds on it.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // a drive letter
	}
	return connect(ctx, "file://"+(&url.URL{Path: slashed}).EscapedPath())
}

func connect(ctx context.Context, dsn string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn+"?"+pragmas+"&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if err := adopt(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// adopt creates the schema in an empty file, and refuses a file of another version.
func adopt(ctx context.Context, db *sql.DB) error {
	if current, _, err := readMarks(ctx, db); err != nil || current {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after the commit
	// Another process may have created it while this one waited, or between the two reads
	// above: only in the transaction do the marks belong together.
	switch current, empty, err := readMarks(ctx, tx); {
	case err != nil || current:
		return err
	case !empty:
		return errMarks
	}
	marks := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, schemaVersion)
	if _, err := tx.ExecContext(ctx, schema+marks); err != nil {
		return err
	}
	return tx.Commit()
}

// readMarks reports whether a file is of this version, and whether it has no marks yet.
func readMarks(ctx context.Context, in interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
},
) (current, empty bool, err error) {
	var id, version int
	read := func(to *int, pragma string) error {
		return in.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(to)
	}
	err = errors.Join(read(&id, "application_id"), read(&version, "user_version"))
	return id == applicationID && version == schemaVersion, id == 0 && version == 0, err
}
