package durable_test

import (
	"os"
	"path/filepath"
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
		t.Errorf("%q, %v", text, err)
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
		t.Error("a folder that is not there is no error")
	}
}
