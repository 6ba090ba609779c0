package iostreams

import (
	"errors"
	"os"
	"syscall"
)

// quit reports whether a write failed because the reader ended.
func quit(err error) bool {
	const noData = syscall.Errno(232) // the pipe is being closed
	return errors.Is(err, syscall.ERROR_BROKEN_PIPE) || errors.Is(err, noData) || errors.Is(err, os.ErrClosed)
}
