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

// findPath returns the configuration file's place: by the flag, the variable,
// XDG, or the system's own habit. Without a home it is blank and c.noPlace tells
// why: a call that needs no file goes on.
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
		c.noPlace = failure.New(failure.Config, "there is no place for the configuration: %w", err).
			Hint("set HOME, or name a file with STOCKCTL_CONFIG")
		return "", nil
	}
	return filepath.Join(dir, "config.yaml"), nil
}

// StateDir returns the folder for journals and the sandbox's database. It may
// not be there yet.
func (c *Config) StateDir() (string, error) {
	if dir := c.env("STOCKCTL_STATE_DIR"); dir != "" {
		return dir, nil
	}
	if dir := c.env("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "stockctl"), nil
	}
	dir, err := c.systemDir(".local/state", "Library/Application Support", "LOCALAPPDATA")
	if err != nil {
		return "", failure.New(failure.Config, "there is no place for the state folder: %w", err).
			Hint("set HOME, or name a folder with STOCKCTL_STATE_DIR")
	}
	return dir, nil
}

// CacheDir returns the folder for what may be forgotten at any time. It may not
// be there yet.
func (c *Config) CacheDir() (string, error) {
	if dir := c.env("XDG_CACHE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "stockctl"), nil
	}
	dir, err := c.systemDir(".cache", "Library/Caches", "LOCALAPPDATA")
	if err != nil {
		return "", failure.New(failure.Config, "there is no place for the cache: %w", err)
	}
	if runtime.GOOS == "windows" { // the state folder is there, too
		dir = filepath.Join(dir, "cache")
	}
	return dir, nil
}

// Account returns a name for the account and the server of this run, as letters
// and digits that tell nothing of either: what is kept for one is not shown to
// another. No secret is fetched for it; one that lies open here counts.
func (c *Config) Account() string {
	p, _ := c.Find(c.Profile())
	ends := p.TokenExpires.String()
	if p.Store == StoreKeyring && p.Email != "" {
		ends = "" // the email tells the account, from one sign-in to the next
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

// StoreAccount tells the account of a profile from others, for what is kept of its
// store's names: by the merchant's key, which belongs to one store, else by the
// email, else by the profile. No secret is fetched for it; one that lies open
// counts. It is not for people, and must be hashed before it is written.
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

// systemDir is stockctl's folder where the system keeps such things.
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
