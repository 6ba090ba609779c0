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
		t.Errorf("got %v, want %v", err, errSignal)
	}
	// A writer that falls silent blocks the read.
	ctx, end = after(t)
	go func() {
		held, err := os.OpenFile(pipe, os.O_WRONLY, 0)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = held.Close() }()
		_, _ = held.Write(make([]byte, 64<<10+1)) // more than the pipe holds: the read has begun
		end()
		<-t.Context().Done()
	}()
	if _, err := ends(t, func() ([]byte, error) { return await.ReadFile(ctx, pipe, 1<<20) }); !errors.Is(err, errSignal) {
		t.Errorf("the read ended with %v", err)
	}
}

// With a writer, a pipe is read like a file.
func TestReadFileOfAPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	go func() {
		out, err := os.OpenFile(pipe, os.O_WRONLY, 0)
		if err == nil {
			_, _ = out.WriteString("text")
			_ = out.Close()
		}
	}()
	text, err := await.ReadFile(t.Context(), pipe, 100)
	if err != nil || string(text) != "text" {
		t.Errorf("got %q and the error %v, want %q", text, err, "text")
	}
}
