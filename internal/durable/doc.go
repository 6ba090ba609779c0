// Package durable replaces whole files: after a crash of the program or of the
// machine either the old text stands or the new one, and nothing between. It
// knows nothing of what the files hold.
package durable
