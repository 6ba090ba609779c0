package config

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/bayworks/stockctl/internal/durable"
	"github.com/bayworks/stockctl/internal/failure"
)

// lockWait is how long another stockctl may hold the file.
const lockWait = 10 * time.Second

// Edit changes the file: under a lock it is read again, changed, checked, and
// replaced as a whole, mode 0600 in a folder of mode 0700. Two edits at once
// both count. A linked file is changed where it is. Its comments, its order and its
// blank lines stay. The lock stays behind as an empty file. The Config itself goes
// on with what it had read.
func (c *Config) Edit(change func(*File) error) (err error) {
	if c.noEdit != nil {
		return c.noEdit
	}
	if c.path == "" {
		return c.noPlace
	}
	path, err := target(c.path)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return failure.New(failure.Config, "writing the configuration: %w", err)
	}
	unlock, err := lock(c.in.Context, path, c.patience)
	if err != nil {
		return err
	}
	defer func() {
		if failed := unlock(); failed != nil {
			err = errors.Join(err, failed)
		}
	}()
	f, err := readFile(c.in.Context, path, false)
	if err != nil {
		return err
	}
	before, err := decode(path, f.written)
	if err != nil {
		return err
	}
	if err := change(f); err != nil {
		return err
	}
	if err := f.check(); err != nil || f.equal(before) {
		return err
	}
	after, err := f.encode()
	if err != nil {
		return err
	}
	if err := durable.Replace(path, after, 0o600); err != nil {
		return failure.New(failure.Config, "writing the configuration: %w", err)
	}
	return nil
}

// encode returns the file's text, once it is sure that it can be read again.
func (f *File) encode() ([]byte, error) {
	text, err := f.rewrite()
	if err != nil {
		return nil, fmt.Errorf("writing the configuration: %w", err)
	}
	if len(text) > maxFile {
		return nil, failure.Usagef("the configuration would be larger than 1 MiB")
	}
	again, err := decode("the new configuration", text)
	if err != nil {
		return nil, fmt.Errorf("writing the configuration: %w", err)
	}
	if !f.equal(again) {
		return nil, errors.New("writing the configuration: a value would not be read as it was given")
	}
	return text, nil
}

// target follows links to the file that is to be replaced, which need not be
// there. A device or a folder is refused: renaming onto it would destroy it.
func target(path string) (string, error) {
	const maxLinks = 40
	for range maxLinks {
		info, err := os.Lstat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return path, nil
		case err != nil:
			return "", failure.New(failure.Config, "writing the configuration: %w", err)
		case info.Mode().IsRegular():
			return path, nil
		case info.Mode()&fs.ModeSymlink == 0:
			return "", failure.New(failure.Config, "%s is not a file that can be written", path)
		}
		next, err := os.Readlink(path)
		if err != nil {
			return "", failure.New(failure.Config, "writing the configuration: %w", err)
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(path), next)
		}
		path = next
	}
	return "", failure.New(failure.Config, "%s is a link that leads nowhere", path)
}

// lock waits for other edits of the file to end.
func lock(ctx context.Context, path string, patience time.Duration) (unlock func() error, err error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	l := flock.New(path+".lock", flock.SetPermissions(0o600))
	_, err = l.TryLockContext(limited, 20*time.Millisecond)
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.Is(err, context.DeadlineExceeded):
		return nil, failure.New(failure.Config, "another stockctl is changing %s", path).
			Hint("nothing was written: try again")
	case err != nil:
		return nil, failure.New(failure.Config, "writing the configuration: %w", err)
	}
	return l.Close, nil
}
