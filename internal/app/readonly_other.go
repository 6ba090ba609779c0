//go:build !unix

package app

// isReadOnly: what Windows says is a missing permission.
func isReadOnly(error) bool { return false }
