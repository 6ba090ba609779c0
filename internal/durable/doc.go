// Package durable replaces files atomically: after a crash of the program or the
// machine a file has either its old or its new content.
package durable

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// MakeFolder creates a private folder and its parents. The error names the folder
// that was wanted, not the parent that could not be created.
func MakeFolder(dir string) error {
	err := os.MkdirAll(dir, 0o700)
	var path *fs.PathError
	if errors.As(err, &path) {
		path.Path = dir
	}
	return err
}

// The result codes of SQLite for a file that cannot be written.
const (
	sqliteReadOnly = 8
	sqliteFull     = 13
	sqliteCantOpen = 14
)

// DatabaseError makes an error of SQLite that means that its file cannot be written
// like that of any other file. It returns other errors unchanged.
func DatabaseError(path string, err error) error {
	var database interface{ Code() int }
	if !errors.As(err, &database) {
		return err
	}
	why := fs.ErrPermission
	switch database.Code() & 0xff { // the rest of the code is details
	case sqliteReadOnly, sqliteCantOpen:
	case sqliteFull:
		why = syscall.ENOSPC
	default:
		return err
	}
	return &fs.PathError{Op: "write", Path: path, Err: why}
}
