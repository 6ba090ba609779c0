// Package durable replaces files atomically: after a crash of the program or the
// machine a file has either its old or its new content.
package durable
