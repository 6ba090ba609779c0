package config

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/failure"
)

// maxFile limits the size of a configuration or secret file, in bytes.
const maxFile = 1 << 20

// File is the configuration file.
type File struct {
	Current  string
	Profiles map[string]*Profile

	written   []byte    // the text as read
	currentAt yaml.Node // where it sets the current profile
}

// Profile returns a profile for changes. It is created if it does not exist.
func (f *File) Profile(name string) *Profile {
	if f.Profiles == nil {
		f.Profiles = map[string]*Profile{}
	}
	if f.Profiles[name] == nil {
		f.Profiles[name] = &Profile{}
	}
	return f.Profiles[name]
}

// check rejects names and values that could not be read again.
func (f *File) check() error {
	if f.Current != "" && f.Current != Sandbox {
		if err := CheckName(f.Current); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Profiles)) {
		if err := CheckName(name); err != nil {
			return err
		}
		if f.Profiles[name] == nil {
			continue
		}
		texts := f.Profiles[name].text()
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			if !isLine(*texts[key]) {
				return failure.Usagef("the %s of profile %s %s", key, name, notLine)
			}
		}
	}
	return nil
}

// equal reports whether two files have the same contents. A nil profile is an empty one.
func (f *File) equal(other *File) bool {
	return f.Current == other.Current && maps.EqualFunc(f.Profiles, other.Profiles, func(a, b *Profile) bool {
		var x, y Profile
		if a != nil {
			x = *a
		}
		if b != nil {
			y = *b
		}
		same := x.TokenExpires.Equal(y.TokenExpires)
		x.Name, y.Name = "", "" // the name is the key in the map
		x.TokenExpires, y.TokenExpires = time.Time{}, time.Time{}
		return same && x == y
	})
}

// ErrReadByOthers means that the configuration file contains a secret and others can read
// it.
var ErrReadByOthers = errors.New("contains secrets and can be read by others")

// readFile reads and checks the file. A missing file or a blank path is an empty file.
func readFile(ctx context.Context, path string, anyMode bool) (*File, error) {
	if path == "" {
		return &File{}, nil
	}
	text, info, err := readText(ctx, path)
	if errors.Is(err, fs.ErrNotExist) {
		return &File{}, nil
	}
	if err != nil {
		return nil, err
	}
	f, err := decode(path, text)
	if err != nil {
		return nil, err
	}
	if f.written = text; anyMode {
		return f, nil
	}
	return f, f.private(path, info)
}

// readText reads the file without looking at its contents.
func readText(ctx context.Context, path string) ([]byte, fs.FileInfo, error) {
	in, err := await.Open(ctx, path)
	if err != nil {
		return nil, nil, failure.New(failure.Config, "reading the configuration: %w", err).
			Hint("make it readable, or use another: `export STOCKCTL_CONFIG=FILE`")
	}
	defer func() { _ = in.Close() }() // read-only
	info, err := in.Stat()
	if err != nil {
		return nil, nil, failure.New(failure.Config, "reading the configuration: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(await.Reader(ctx, in), maxFile+1))
	switch {
	case err != nil:
		return nil, nil, failure.New(failure.Config, "reading the configuration: %w", err)
	case len(text) > maxFile:
		return nil, nil, failure.New(failure.Config, "%s is larger than 1 MiB and cannot be a configuration file", path)
	}
	return text, info, nil
}

// private rejects a file that contains a secret and can be read by others.
func (f *File) private(path string, info fs.FileInfo) error {
	if runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	for _, p := range f.Profiles {
		if p != nil && p.HasSecret() {
			return failure.New(failure.Config, "%s %w (mode %04o)", path, ErrReadByOthers, info.Mode().Perm()).
				Hint("run `chmod 600 %s`; if others could read it, get a new key", failure.Arg(path))
		}
	}
	return nil
}
