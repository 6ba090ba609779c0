//go:build unix

package app

import (
	"errors"
	"syscall"
)

// isUnwritable reports whether a file system is mounted read-only or is full, or a
// file is where a folder should be.
func isUnwritable(err error) bool {
	for _, why := range []error{syscall.EROFS, syscall.ENOSPC, syscall.EDQUOT, syscall.ENOTDIR} {
		if errors.Is(err, why) {
			return true
		}
	}
	return false
}
