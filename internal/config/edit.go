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

// lockWait is how long to wait for another stockctl to release the file.
const lockWait = 10 * time.Second

// Edit changes the file. With a lock held, it reads the file again, applies and checks the
// change, and replaces the file atomically, with mode 0600 in a folder with mode 0700.
// Concurrent edits all take effect. Edit follows symbolic links, and preserves comments,
// order and blank lines. The lock remains as an empty file. The Config keeps the values it
// had.
func (c *Config) Edit(change func(*File) error) error {
	return c.locked(func(path string) error {
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
		return replace(path, after)
	})
}

func replace(path string, text []byte) error {
	if err := durable.Replace(path, text, 0o600); err != nil {
		return failure.New(failure.Config, "writing the configuration: %w", err)
	}
	return nil
}

// editable returns the path of the file to replace, in a folder that exists.
func (c *Config) editable() (string, error) {
	if c.noEdit != nil {
		return "", c.noEdit
	}
	if c.path == "" {
		return "", c.noPlace
	}
	path, err := target(c.path)
	if err != nil {
		return "", err
	}
	if err := durable.MakeFolder(filepath.Dir(path)); err != nil {
		return "", failure.New(failure.Config, "writing the configuration: %w", err)
	}
	return path, nil
}

// locked calls change with the path of the file while no other process edits it.
func (c *Config) locked(change func(path string) error) (err error) {
	path, err := c.editable()
	if err != nil {
		return err
	}
	unlock, err := lock(c.in.Context, path, c.editWait)
	if err != nil {
		return err
	}
	defer func() {
		if failed := unlock(); failed != nil {
			err = errors.Join(err, failed)
		}
	}()
	return change(path)
}

// encode returns the text of the file after checking that it can be read again.
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
		return nil, errors.New("writing the configuration: a value would change when read back")
	}
	return text, nil
}

// target follows links to the file to replace, which need not exist. Devices and folders
// are rejected, because a rename would destroy them.
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
	return "", failure.New(failure.Config, "%s has too many levels of symbolic links", path)
}

// lock waits until no other process is editing the file.
func lock(ctx context.Context, path string, editWait time.Duration) (unlock func() error, err error) {
	limited, cancel := context.WithTimeout(ctx, editWait)
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
