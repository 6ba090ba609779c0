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

	"github.com/bayworks/stockctl/internal/failure"
)

// memory is the path of a private in-memory database.
const memory = ":memory:"

// readers is how many reads of one server may run at once.
const readers = 4

// pragmas hold for every connection. A writer waits up to ten seconds for
// another process, and NORMAL is safe with a write-ahead log: a power cut can
// lose the last writes of a test database, never its shape.
const pragmas = "_pragma=busy_timeout(10000)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)"

// store is the database: one connection that writes, a few that read. In
// memory they are the same one.
type store struct {
	write, read *sql.DB
	anchor      *sql.DB // keeps an in-memory database alive; nil for a file
	secret      []byte  // signs the tokens
	prepared    statements
}

// openStore opens the database, makes its schema and fills it with the shop when
// it is new.
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
	return nil, failure.New(failure.Config, "opening the sandbox database %s: %w", path, err)
}

// connect makes the pools; nothing is read or written yet but the folder and
// an empty file.
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
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
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

// connectMemory makes a database of its own in memory. It lives as long as one
// connection does, and a pool may drop a connection whose call was cancelled:
// so a second, idle one anchors it.
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

// createPrivate makes an empty file that only its owner can read, unless there
// is a file already. It is linked into place, because closing a descriptor of
// a database file drops every lock that this process holds on it.
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

// link gives a file its second name, or makes an empty one of that name where
// the file system knows no links. It is no error when the name is taken.
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

// inWrite runs fn in a transaction that has the write lock from its start, so
// that what it reads is what it changes. Any error, and the context's end,
// undo all of it.
func (s *store) inWrite(ctx context.Context, fn func(*sql.Tx) error) error {
	return within(ctx, s.write, nil, fn)
}

// inRead runs fn over one unchanging state of the database.
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

// close ends the pools. The anchor goes last, so that the rest may end cleanly.
func (s *store) close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write, s.anchor} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}
