package config

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
)

// Draft is a copy of the configuration file for an editor, alone in a private folder next
// to the file, so that anything that an editor leaves there is removed with it.
type Draft struct {
	Path string

	c       *Config
	before  []byte
	secrets hidden
}

// outline is the draft of a file that does not exist.
const outline = `# The profiles of stockctl, for example:
#
# current: lagos
# profiles:
#   lagos:
#     base-url: https://api.shopsynch.com
#     warehouse: LGS-01
#     output: table
#     confirm: true
`

// Draft writes a copy of the file without the secrets, whether or not its contents are
// valid. The caller discards it.
func (c *Config) Draft() (*Draft, error) {
	path, err := c.editable()
	if err != nil {
		return nil, err
	}
	text, _, err := readText(c.in.Context, path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = nil, nil
	}
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), ".edit-") // mode 0700
	if err != nil {
		return nil, failure.New(failure.Config, "copying the configuration: %w", err)
	}
	d := &Draft{Path: filepath.Join(dir, "config.yaml"), c: c, before: text}
	shown, secrets := hide(text)
	d.secrets = secrets
	if text == nil {
		shown = []byte(outline)
	}
	if err := os.WriteFile(d.Path, shown, 0o600); err != nil {
		return nil, failure.New(failure.Config, "copying the configuration: %w", errors.Join(err, d.Discard()))
	}
	return d, nil
}

// Discard removes the copy and its folder.
func (d *Draft) Discard() error { return os.RemoveAll(filepath.Dir(d.Path)) }

// Read reads the copy as it was left by the editor; changed is false if nothing was edited.
// The error is the first mistake, with its place in the file. valid judges the values of a
// profile's settings.
func (d *Draft) Read(valid func(key, value string) error) (f *File, changed bool, err error) {
	text, _, err := readText(d.c.in.Context, d.Path)
	if err != nil {
		return nil, false, err
	}
	text = d.secrets.reveal(text)
	if bytes.Equal(text, d.before) || d.before == nil && string(text) == outline {
		return nil, false, nil
	}
	at := decoder{path: d.c.path, valid: valid}
	f, err = at.decode(text)
	if err != nil {
		return nil, true, err
	}
	if f.Current != "" && f.Current != Sandbox && f.Current != defaultProfile && !has(f.Profiles, f.Current) {
		return nil, true, at.failAt(f.currentAt.Line, f.currentAt.Column, "current names a profile that does not exist")
	}
	f.written = text
	return f, true, nil
}

// Keep turns the copy into the file that the user wrote, with its secrets. Otherwise the
// placeholders in it would mean nothing, or other secrets in a later copy.
func (d *Draft) Keep(f *File) error {
	if err := replace(d.Path, f.written); err != nil {
		return failure.New(failure.Config, "putting the secrets back into %s: %w", d.Path, err)
	}
	return nil
}

// ErrChanged means that the file was changed by another command while it was edited.
var ErrChanged = errors.New("was changed by another command while it was edited; nothing was saved")

// Save replaces the file, unless it has changed since the draft was made. The secrets of a
// profile that has another host now are removed, from the file and the keyring, and so are
// those in the keyring of a profile that no longer exists. It returns the profiles that
// lost their secrets.
func (d *Draft) Save(f *File) (signedOut []string, err error) {
	err = d.c.locked(func(path string) error {
		now, _, err := readText(d.c.in.Context, path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if !bytes.Equal(now, d.before) {
			return failure.New(failure.Config, "%s %w", d.c.path, ErrChanged)
		}
		// A file with mistakes has no profiles to compare with.
		before, err := decode(path, now)
		if err != nil {
			before = &File{}
		}
		if signedOut, err = d.c.signOut(before, f); err != nil {
			return err
		}
		text := f.written
		if len(signedOut) > 0 {
			if text, err = f.encode(); err != nil {
				return err
			}
		}
		return replace(path, text)
	})
	return signedOut, err
}

// signOut removes the secrets that were for another host, or for a profile that is gone.
func (c *Config) signOut(before, f *File) (from []string, err error) {
	for _, name := range slices.Sorted(maps.Keys(before.Profiles)) {
		old, now := before.Profiles[name], f.Profiles[name]
		if old == nil || now != nil && SameHost(old.BaseURL, now.BaseURL) {
			continue
		}
		gone := *old
		gone.Name = name
		if err := c.ForgetInKeyring(gone); err != nil {
			return from, err
		}
		if now == nil {
			continue
		}
		inKeyring := old.Store == StoreKeyring && now.Store == StoreKeyring
		oldToken := old.Token != "" && now.Token == old.Token
		oldKey := old.MerchantAPIKey != "" && now.MerchantAPIKey == old.MerchantAPIKey
		if inKeyring {
			now.Store, now.TokenExpires = "", time.Time{}
		}
		if oldToken {
			now.Token, now.TokenExpires = "", time.Time{}
		}
		if oldKey {
			now.MerchantAPIKey = ""
		}
		if inKeyring || oldToken || oldKey {
			from = append(from, name)
		}
	}
	return from, nil
}
