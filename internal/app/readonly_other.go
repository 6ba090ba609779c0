//go:build !unix

package app

// isUnwritable is always false: Windows reports a missing permission instead.
func isUnwritable(error) bool { return false }
