//go:build unix

package app

import (
	"errors"
	"syscall"
)

// isReadOnly tells of a file system that is mounted so, or is full.
func isReadOnly(err error) bool {
	return errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.ENOSPC)
}
