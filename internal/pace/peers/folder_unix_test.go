//go:build !windows

package peers

import (
	"os"
	"path/filepath"
	"testing"
)

// Other users can write to the parent folder, so a folder that they could use is not
// accepted.
func TestFolder(t *testing.T) {
	parent := t.TempDir()
	dir, err := folder(parent)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := folder(parent); err != nil || again != dir {
		t.Errorf("the second time: %q, %v, want %q", again, err, dir)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := folder(parent); err == nil {
		t.Error("a folder that others can read was accepted")
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(parent, "target")
	if err := os.Mkdir(target, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, dir); err != nil {
		t.Fatal(err)
	}
	if _, err := folder(parent); err == nil {
		t.Error("a link was accepted")
	}
}
