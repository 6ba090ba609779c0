package durable_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/bayworks/stockctl/internal/durable"
)

// An existing file is left alone, and a write that fails leaves nothing behind.
func TestNewOverwritesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	write := func(text string) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		}
	}
	failed := errors.New("the disk is full")
	if err := durable.New(path, func(io.Writer) error { return failed }); !errors.Is(err, failed) {
		t.Errorf("got %v, want %v", err, failed)
	}
	if err := durable.New(path, write("first")); err != nil {
		t.Fatal(err)
	}
	if err := durable.New(path, write("second")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("an existing file: %v", err)
	}
	text, err := os.ReadFile(path)
	left, failure := os.ReadDir(dir)
	if string(text) != "first" || err != nil || len(left) != 1 || failure != nil {
		t.Errorf("the file has %q, %v; the folder has %v, %v", text, err, left, failure)
	}
}
