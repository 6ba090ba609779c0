package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// findPath returns the path of the configuration file from the flag, the variable, XDG, or
// the system's convention. Without HOME it is blank, and c.noPlace is the reason: commands
// that do not need the file continue.
func (c *Config) findPath() (string, error) {
	if c.changed("config") {
		path := c.in.Flags.Lookup("config").Value.String()
		if path == "" {
			return "", failure.Usagef("--config must name a file")
		}
		return path, nil
	}
	if path := c.env("STOCKCTL_CONFIG"); path != "" {
		return path, nil
	}
	if dir := c.env("XDG_CONFIG_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "stockctl", "config.yaml"), nil
	}
	dir, err := c.systemDir(".config", "Library/Application Support", "APPDATA")
	if err != nil {
		c.noPlace = failure.New(failure.Config, "no location for the configuration file: %w", err).
			Hint("set HOME, or set STOCKCTL_CONFIG to a file")
		return "", nil
	}
	return filepath.Join(dir, "config.yaml"), nil
}

// StateDir returns the folder for journals and the sandbox's database, which may not exist.
func (c *Config) StateDir() (string, error) {
	if dir := c.env("STOCKCTL_STATE_DIR"); dir != "" {
		return dir, nil
	}
	if dir := c.env("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "stockctl"), nil
	}
	dir, err := c.systemDir(".local/state", "Library/Application Support", "LOCALAPPDATA")
	if err != nil {
		return "", failure.New(failure.Config, "no location for the state folder: %w", err).
			Hint("set HOME, or set STOCKCTL_STATE_DIR to a folder")
	}
	return dir, nil
}

// CacheDir returns the folder for files that may be deleted at any time. It may not exist.
func (c *Config) CacheDir() (string, error) {
	if dir := c.env("XDG_CACHE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "stockctl"), nil
	}
	dir, err := c.systemDir(".cache", "Library/Caches", "LOCALAPPDATA")
	if err != nil {
		return "", failure.New(failure.Config, "no location for the cache: %w", err)
	}
	if runtime.GOOS == "windows" { // the state folder is in the same place
		dir = filepath.Join(dir, "cache")
	}
	return dir, nil
}

// Account returns an opaque name for the account and server of this run, to keep the data
// of accounts apart. It does not open the keyring or files for secrets; it uses those in
// the environment and the configuration file.
func (c *Config) Account() string {
	p, _ := c.Find(c.Profile())
	ends := p.TokenExpires.String()
	if p.Store == StoreKeyring && p.Email != "" {
		ends = "" // the email identifies the account across sign-ins
	}
	sum := sha256.New()
	for _, part := range []string{
		c.Profile(), c.BaseURL().Value, p.Email, p.MerchantAPIKey, p.Token, ends,
		c.env("STOCKCTL_EMAIL"), c.env("STOCKCTL_MERCHANT_API_KEY"), c.env("STOCKCTL_MERCHANT_API_KEY_FILE"),
		c.env("STOCKCTL_TOKEN"), c.env("STOCKCTL_TOKEN_FILE"),
	} {
		fmt.Fprintf(sum, "%d:%s,", len(part), part)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// StoreAccount identifies the store of a profile, for the copy of its names: by the
// merchant's key, which belongs to one store, otherwise by the email, otherwise by the
// profile. Like Account, it does not open the keyring or files for secrets. The result must
// not be shown to users, and must be hashed before it is written.
func (c *Config) StoreAccount(profile string) string {
	p, _ := c.Find(profile)
	key, email := p.MerchantAPIKey, p.Email
	if profile == c.Profile() {
		for _, name := range []string{"STOCKCTL_MERCHANT_API_KEY", "STOCKCTL_MERCHANT_API_KEY_FILE"} {
			if text := c.env(name); text != "" {
				key = name + " " + text
			}
		}
		if text := c.env("STOCKCTL_EMAIL"); text != "" {
			email = text
		}
	}
	if key = strings.TrimPrefix(key, "STOCKCTL_MERCHANT_API_KEY "); key != "" {
		return "key " + key
	}
	if email != "" {
		return "email " + email
	}
	return "profile " + profile
}

// systemDir returns stockctl's folder in the system's location for such files.
func (c *Config) systemDir(unix, mac, windows string) (string, error) {
	if runtime.GOOS == "windows" {
		if dir := c.env(windows); dir != "" {
			return filepath.Join(dir, "stockctl"), nil
		}
		return "", failure.New(failure.Config, "%%%s%% is not set", windows)
	}
	home := c.env("HOME")
	if home == "" {
		return "", failure.New(failure.Config, "HOME is not set")
	}
	if runtime.GOOS == "darwin" {
		unix = mac
	}
	return filepath.Join(home, filepath.FromSlash(unix), "stockctl"), nil
}
