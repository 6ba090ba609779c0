//go:build !windows

package peers

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// folder returns a folder in parent, which anyone may write to, that only this user can
// use. Its name is the same for all runs of the user.
func folder(parent string) (string, error) {
	dir := filepath.Join(parent, "stockctl-"+strconv.Itoa(os.Getuid()))
	if err := os.Mkdir(dir, 0o700); err != nil && !os.IsExist(err) {
		return "", err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	owner, known := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || info.Mode().Perm()&0o077 != 0 || !known || int64(owner.Uid) != int64(os.Getuid()) {
		return "", errors.New(dir + " is not a private folder of this user")
	}
	return dir, nil
}
