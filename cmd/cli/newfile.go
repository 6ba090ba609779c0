package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/bayworks/stockctl/internal/failure"
)

// CheckNewFile returns an error if a file exists, before anything is read to fill it.
// called is the name of the file in the message.
func CheckNewFile(called, path string) error {
	_, err := os.Lstat(path)
	switch {
	case err == nil:
		return failure.FileExists(called)
	case !errors.Is(err, fs.ErrNotExist):
		return failure.Usagef("%s: %w", called, err)
	}
	return nil
}

// WriteNewFile writes a file that must not exist. It removes a file that it could not
// write completely.
func WriteNewFile(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return failure.Usagef("%w", err)
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
