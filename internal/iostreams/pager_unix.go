//go:build !windows

package iostreams

import (
	"errors"
	"os"
	"syscall"
)

// quit reports whether a write failed because the reader ended.
func quit(err error) bool { return errors.Is(err, syscall.EPIPE) || errors.Is(err, os.ErrClosed) }
