//go:build !unix

package app

// isReadOnly is always false: Windows reports a missing permission instead.
func isReadOnly(error) bool { return false }
