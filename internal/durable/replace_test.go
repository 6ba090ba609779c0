package durable_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/bayworks/stockctl/internal/durable"
)

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "plan.json")
	if err := os.WriteFile(path, []byte("old, and open to others"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := durable.Replace(path, []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || string(text) != "new" {
		t.Errorf("got %q and the error %v, want %q", text, err, "new")
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 && filepath.Separator == '/' {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("it leaves %v", left)
	}
}

func TestReplaceFails(t *testing.T) {
	if err := durable.Replace(filepath.Join(t.TempDir(), "nowhere", "plan.json"), nil, 0o600); err == nil {
		t.Error("a missing folder is not an error")
	}
}

func TestMakeFolder(t *testing.T) {
	dir := t.TempDir()
	if err := durable.MakeFolder(filepath.Join(dir, "a", "b")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "a")); err != nil || info.Mode().Perm() != 0o700 && filepath.Separator == '/' {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wanted := filepath.Join(dir, "file", "a", "b")
	var path *fs.PathError
	if err := durable.MakeFolder(wanted); !errors.As(err, &path) || path.Path != wanted {
		t.Errorf("%v, want an error about %s", err, wanted)
	}
}

// code is an error of SQLite with a result code.
type code int

func (c code) Error() string { return "sqlite" }
func (c code) Code() int     { return int(c) }

func TestDatabaseError(t *testing.T) {
	for given, want := range map[error]error{
		code(8): fs.ErrPermission, code(1544): fs.ErrPermission, code(14): fs.ErrPermission, code(13): syscall.ENOSPC,
	} {
		var path *fs.PathError
		got := durable.DatabaseError("/x/names.db", fmt.Errorf("opening: %w", given))
		if !errors.As(got, &path) || path.Path != "/x/names.db" || !errors.Is(got, want) {
			t.Errorf("%d: %v, want %v", given, got, want)
		}
	}
	for _, other := range []error{nil, code(5), fs.ErrPermission} {
		if got := durable.DatabaseError("/x/names.db", other); got != other { //nolint:errorlint // the very same
			t.Errorf("%v becomes %v", other, got)
		}
	}
}
