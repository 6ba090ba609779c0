package sandbox

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

	"github.com/bayworks/stockctl/internal/durable"
	"github.com/bayworks/stockctl/internal/failure"
)

// memory is the path of a private in-memory database.
const memory = ":memory:"

// readers is the maximum number of concurrent reads of one server.
const readers = 4

// pragmas apply to every connection. A writer waits up to ten seconds for another
// process. NORMAL is safe with a write-ahead log: a power failure can lose the
// last writes, which a test database can afford, but cannot corrupt it.
const pragmas = "_pragma=busy_timeout(10000)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)"

// store is the database, with one connection for writes and a few for reads. In
// memory there is one connection for both.
type store struct {
	write, read *sql.DB
	anchor      *sql.DB // keeps an in-memory database alive; nil for a file
	secret      []byte  // signs the tokens
	prepared    statements
}

// openStore opens the database. If it is new, it gets the schema and the shop.
func openStore(ctx context.Context, path string, shop *Start) (*store, error) {
	s, err := connect(ctx, path)
	if err == nil {
		err = s.prepare(ctx, shop)
	}
	if err == nil {
		return s, nil
	}
	if s != nil {
		err = errors.Join(err, s.close())
	}
	if failure.KindOf(err) != failure.Unexpected || ctx.Err() != nil {
		return nil, err
	}
	return nil, failure.New(failure.Config, "opening the sandbox database %s: %w", path, durable.DatabaseError(path, err))
}

// connect opens the pools and creates the folder and an empty file, but does not
// read or write the database yet.
func connect(ctx context.Context, path string) (*store, error) {
	switch {
	case strings.TrimSpace(path) == "":
		return nil, failure.Usagef("a sandbox needs a database file, or %s", memory)
	case path == memory:
		return connectMemory(ctx)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := durable.MakeFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if err := createPrivate(path); err != nil {
		return nil, err
	}
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // a drive letter
	}
	dsn := "file://" + (&url.URL{Path: slashed}).EscapedPath() + "?" + pragmas
	s := &store{}
	if s.write, err = sql.Open("sqlite", dsn+"&_txlock=immediate"); err != nil {
		return nil, err
	}
	if s.read, err = sql.Open("sqlite", dsn+"&_pragma=query_only(1)"); err != nil {
		return s, err
	}
	s.write.SetMaxOpenConns(1)
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	return s, nil
}

// connectMemory creates a private database in memory. It exists only as long as a
// connection is open, and a pool may drop the connection of a cancelled call, so a
// second, idle connection keeps it alive.
func connectMemory(ctx context.Context) (*store, error) {
	dsn := "file:/" + newID("stockctl") + "?vfs=memdb&_txlock=immediate&" + pragmas
	anchor, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	s := &store{anchor: anchor}
	if err := anchor.PingContext(ctx); err != nil {
		return s, err
	}
	if s.write, err = sql.Open("sqlite", dsn); err != nil {
		return s, err
	}
	s.write.SetMaxOpenConns(1)
	s.read = s.write
	return s, nil
}

// createPrivate creates an empty file that only its owner can read, unless the
// file exists. It creates the file under another name and links it, because closing
// a descriptor of a database file drops every lock of this process on it.
func createPrivate(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".sandbox-*") // 0600
	if err != nil {
		return err
	}
	err = f.Close()
	if err == nil {
		err = link(f.Name(), path)
	}
	return errors.Join(err, os.Remove(f.Name()))
}

// link links a file to a second name, or creates an empty file with that name on a
// file system without links. It is not an error if the name is taken.
func link(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// inWrite runs fn in a transaction that takes the write lock at its start, so that
// no other writer can change what fn reads. An error or the end of the context
// rolls it back.
func (s *store) inWrite(ctx context.Context, fn func(*sql.Tx) error) error {
	return within(ctx, s.write, nil, fn)
}

// inRead runs fn in a transaction that sees one state of the database.
func (s *store) inRead(ctx context.Context, fn func(*sql.Tx) error) error {
	return within(ctx, s.read, &sql.TxOptions{ReadOnly: true}, fn)
}

func within(ctx context.Context, db *sql.DB, o *sql.TxOptions, fn func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, o)
	if err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	if err := fn(tx); err != nil {
		if undo := tx.Rollback(); undo != nil && !errors.Is(undo, sql.ErrTxDone) {
			return errors.Join(err, undo)
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}

// close closes the pools. The connection that keeps an in-memory database alive is
// closed last.
func (s *store) close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write, s.anchor} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}
