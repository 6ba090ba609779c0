//go:build unix

package await_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/bayworks/stockctl/internal/await"
)

// Opening a pipe without a writer blocks.
func TestOpenEnds(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	ctx, end := after(t)
	end()
	if _, err := ends(t, func() ([]byte, error) { return await.ReadFile(ctx, pipe, 100) }); !errors.Is(err, errSignal) {
		t.Errorf("got %v", err)
	}
	// With a writer, it reads like a file.
	go func() {
		out, err := os.OpenFile(pipe, os.O_WRONLY, 0)
		if err == nil {
			_, _ = out.WriteString("text")
			_ = out.Close()
		}
	}()
	text, err := await.ReadFile(t.Context(), pipe, 100)
	if err != nil || string(text) != "text" {
		t.Errorf("got %q, %v", text, err)
	}
}
