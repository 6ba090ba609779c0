package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/gofrs/flock"
	"github.com/google/renameio/v2/maybe"

	"github.com/bayworks/stockctl/internal/failure"
)

const (
	maxFile  = 1 << 20          // bytes of a configuration file that are read
	lockWait = 10 * time.Second // how long another stockctl may hold the file
)

// File is the configuration file. Comments in it are not kept when it is
// edited.
type File struct {
	Current  string              `yaml:"current,omitempty"`
	Profiles map[string]*Profile `yaml:"profiles,omitempty"`
}

// Profile returns the profile of the name to be changed; it is made when it is
// not there.
func (f *File) Profile(name string) *Profile {
	if f.Profiles == nil {
		f.Profiles = map[string]*Profile{}
	}
	if f.Profiles[name] == nil {
		f.Profiles[name] = &Profile{}
	}
	return f.Profiles[name]
}

// readFile reads and checks the file; none is an empty one.
func readFile(path string) (*File, error) {
	in, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &File{}, nil
	}
	if err != nil {
		return nil, failure.New(failure.Config, "reading the configuration: %w", err)
	}
	defer func() { _ = in.Close() }() // only read
	info, err := in.Stat()
	if err != nil {
		return nil, failure.New(failure.Config, "reading the configuration: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	switch {
	case err != nil:
		return nil, failure.New(failure.Config, "reading the configuration: %w", err)
	case len(text) > maxFile:
		return nil, failure.New(failure.Config, "%s is larger than 1 MiB: it is no configuration file", path)
	}
	f, err := decode(path, text)
	if err != nil {
		return nil, err
	}
	return f, f.private(path, info)
}

// decode reads the YAML strictly. The reader's own messages quote the lines
// around a mistake, which may hold secrets, so that only its place is told.
func decode(path string, text []byte) (*File, error) {
	f := &File{}
	err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(f)
	if err != nil && !errors.Is(err, io.EOF) {
		where := path
		cause := "it is not the YAML of a configuration file"
		var at yaml.Error
		if errors.As(err, &at) {
			if token := at.GetToken(); token != nil && token.Position != nil {
				where = fmt.Sprintf("%s:%d:%d", path, token.Position.Line, token.Position.Column)
			}
			cause = reason(at)
		}
		return nil, failure.New(failure.Config, "%s: %s", where, cause).
			Hint("mend the file, or move it away and run `stockctl auth login`")
	}
	for name := range f.Profiles {
		if err := CheckName(name); err != nil {
			return nil, failure.New(failure.Config, "%s: %w", path, err)
		}
	}
	return f, nil
}

// reason puts a mistake in our own words. The library has no type for a key
// that is there twice, only a message.
func reason(err yaml.Error) string {
	var (
		unknown *yaml.UnknownFieldError
		wrong   *yaml.TypeError
		node    *yaml.UnexpectedNodeTypeError
	)
	switch {
	case errors.As(err, &unknown):
		return "there is no such setting: a profile has base-url, warehouse, output, email, merchant-api-key, token and token-expires"
	case errors.As(err, &wrong), errors.As(err, &node):
		return "the value is of the wrong type"
	case strings.Contains(err.GetMessage(), "already defined"):
		return "the setting is there twice"
	}
	return "the YAML is broken here"
}

// private refuses a file that holds a secret and can be read by others.
func (f *File) private(path string, info fs.FileInfo) error {
	if runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	for _, p := range f.Profiles {
		if p != nil && p.HasSecret() {
			return failure.New(failure.Config, "%s holds secrets and can be read by others (mode %04o)", path, info.Mode().Perm()).
				Hint("run `chmod 600 %s`; if others could read it, get a new key", path)
		}
	}
	return nil
}

// Edit changes the file: under a lock it is read again, changed, and replaced
// as a whole, mode 0600 in a folder of mode 0700. Two edits at once both count.
// The Config itself goes on with what it had read.
func (c *Config) Edit(change func(*File) error) (err error) {
	path := c.path
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // a linked file stays where it is
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return failure.New(failure.Config, "writing the configuration: %w", err)
	}
	unlock, err := lock(path + ".lock")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	f, err := readFile(path)
	if err != nil {
		return err
	}
	if err := change(f); err != nil {
		return err
	}
	text, err := yaml.Marshal(f)
	if err != nil {
		return fmt.Errorf("writing the configuration: %w", err)
	}
	if err := maybe.WriteFile(path, text, 0o600); err != nil {
		return failure.New(failure.Config, "writing the configuration: %w", err)
	}
	return nil
}

func lock(path string) (unlock func() error, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	l := flock.New(path, flock.SetPermissions(0o600))
	held, err := l.TryLockContext(ctx, 20*time.Millisecond)
	if err != nil || !held {
		return nil, failure.New(failure.Config, "locking the configuration: %w", err).
			Hint("another stockctl may be changing it: try again")
	}
	return l.Close, nil
}
