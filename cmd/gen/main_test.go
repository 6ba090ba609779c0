package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/bayworks/stockctl/cmd"
)

// The committed files must match the current command tree.
func TestGeneratedFilesAreFresh(t *testing.T) {
	for dir, generate := range folders(filepath.Join("..", "..")) {
		want, err := generate(cmd.Tree())
		if err != nil {
			t.Fatal(err)
		}
		dir = filepath.Join("..", "..", dir)
		for name, text := range want {
			got, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil || string(got) != string(text) {
				t.Errorf("%s/%s is stale: run `go run ./cmd/gen` in the project's root", dir, name)
			}
		}
		there, err := os.ReadDir(dir)
		if err != nil || len(there) != len(want) {
			t.Errorf("%s contains %d files, %d are generated", dir, len(there), len(want))
		}
	}
}

// A page of a command that no longer exists is removed; files that gen did not
// write stay.
func TestWriteRemovesOldPages(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"stockctl_old.md", "notes.md"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := write(dir, files{"stockctl.md": []byte("new")}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"stockctl_old.md": false, "notes.md": true, "stockctl.md": true} {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != want {
			t.Errorf("%s exists: %t, want %t", name, err == nil, want)
		}
	}
}
