//go:build unix

package app

import (
	"errors"
	"syscall"
)

// isReadOnly reports whether a file system is mounted read-only or is full.
func isReadOnly(err error) bool {
	return errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.ENOSPC)
}
