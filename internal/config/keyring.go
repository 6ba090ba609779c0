package config

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/failure"
)

// Keyring is the operating system's store for secrets. Get returns ErrNotInKeyring for a
// missing entry.
type Keyring interface {
	Get(service, user string) (string, error)
	Set(service, user, secret string) error
	Delete(service, user string) error
}

// ErrNotInKeyring means that the keyring does not have the secret.
var ErrNotInKeyring = keyring.ErrNotFound

// ErrKeyring means that the keyring is locked, fails, or no longer exists.
var ErrKeyring = errors.New("the keyring does not respond")

// refusal is an ErrKeyring with the keyring's own message.
type refusal struct{ cause error }

func (r refusal) Error() string { return r.cause.Error() }

func (r refusal) Unwrap() error { return r.cause }

func (r refusal) Is(target error) bool { return target == ErrKeyring }

// The values of `auth login --store`.
const (
	StoreKeyring = "keyring"
	StoreFile    = "file"
)

// keyringService is the service name of the entries.
const keyringService = "stockctl"

// systemKeyring is the keyring of the user who is logged in.
type systemKeyring struct{}

func (systemKeyring) Get(service, user string) (string, error) { return keyring.Get(service, user) }

func (systemKeyring) Set(service, user, secret string) error {
	return keyring.Set(service, user, secret)
}

func (systemKeyring) Delete(service, user string) error { return keyring.Delete(service, user) }

// KeyringSecrets contains the stored secrets of a profile.
type KeyringSecrets struct {
	MerchantAPIKey string `json:"merchantApiKey"`
	Token          string `json:"token"`
}

// Format hides the secrets.
func (k KeyringSecrets) Format(w fmt.State, _ rune) { fmt.Fprint(w, "(hidden)") }

// InKeyring reports whether the current profile has its secrets in the keyring. It does not
// open the keyring.
func (c *Config) InKeyring() bool {
	p, _ := c.Find(c.Profile())
	return p.Store == StoreKeyring
}

// KeepInKeyring stores the secrets of a profile and base URL in the keyring. The caller must
// still set Profile.Store. An error says why there is no keyring, or why it refused. The
// entry is read again: a keyring may ask before it stores one, and report no error when
// the user says no.
func (c *Config) KeepInKeyring(profile, baseURL string, k KeyringSecrets) error {
	text, err := json.Marshal(k)
	if err != nil {
		return err
	}
	_, err = ask(c, func() (string, error) {
		return "", c.in.Keyring.Set(keyringService, entryOf(profile, baseURL), string(text))
	})
	if err != nil {
		return err
	}
	kept, err := ask(c, func() (string, error) {
		return c.in.Keyring.Get(keyringService, entryOf(profile, baseURL))
	})
	if errors.Is(err, ErrNotInKeyring) || err == nil && kept != string(text) {
		return errors.New("it reported success but did not store them")
	}
	return nil
}

// keyringWait is how long to wait for a keyring when no user can unlock it.
const keyringWait = 3 * time.Second

// ask calls the keyring with a time limit: a locked keyring prompts the user, who may be
// away.
func ask(c *Config, do func() (string, error)) (string, error) {
	limited, cancel := context.WithTimeoutCause(c.in.Context, c.in.KeyringWait,
		fmt.Errorf("no response after %s; it may be locked", c.in.KeyringWait))
	defer cancel()
	return await.Do(limited, do)
}

// NoKeyring reports whether a keyring's error means that this machine has none, as opposed
// to one that is locked or fails.
func NoKeyring(err error) bool {
	var failed *exec.ExitError // from dbus-launch; on macOS, from an existing keyring
	if errors.Is(err, keyring.ErrUnsupportedPlatform) || errors.Is(err, exec.ErrNotFound) || runtime.GOOS != "darwin" && errors.As(err, &failed) {
		return true
	}
	// D-Bus errors can only be identified by name.
	for _, words := range []string{
		"not provided by any .service files", "ServiceUnknown", "NameHasNoOwner", "org.freedesktop.DBus.Error.Spawn",
		"couldn't determine address of session bus", "dial unix",
	} {
		if err != nil && strings.Contains(err.Error(), words) {
			return true
		}
	}
	return false
}

// ForgetInKeyring removes the entry of a stored profile. A missing entry is not an error; if
// the keyring refuses, the error is an ErrKeyring.
func (c *Config) ForgetInKeyring(p Profile) error {
	if p.Store != StoreKeyring {
		return nil
	}
	_, err := ask(c, func() (string, error) {
		return "", c.in.Keyring.Delete(keyringService, entryOf(p.Name, p.BaseURL))
	})
	if c.in.Context.Err() != nil {
		return context.Cause(c.in.Context)
	}
	if err == nil || errors.Is(err, ErrNotInKeyring) {
		return nil
	}
	return failure.New(failure.Config, "removing the secrets of profile %s from the keyring: %w", p.Name, refusal{err}).
		Hint("unlock the keyring and run the command again; if it no longer exists, first run `stockctl auth login --profile %s --store file`", failure.Arg(p.Name))
}

// entryOf returns the name of an entry, which includes the profile and the server, so that
// there is no entry for another server.
func entryOf(profile, baseURL string) string { return profile + "@" + server(baseURL) }

// readOnce returns a function that reads the entry of a profile only once, since the keyring
// may prompt the user each time. One run has one profile.
func (c *Config) readOnce() func(Profile) (KeyringSecrets, error) {
	var (
		once sync.Once
		kept KeyringSecrets
		err  error
	)
	return func(p Profile) (KeyringSecrets, error) {
		once.Do(func() { kept, err = c.read(p) })
		return kept, err
	}
}

// read reads the entry of a profile. A missing entry is not an error.
func (c *Config) read(p Profile) (kept KeyringSecrets, err error) {
	text, err := ask(c, func() (string, error) {
		return c.in.Keyring.Get(keyringService, entryOf(p.Name, p.BaseURL))
	})
	if c.in.Context.Err() != nil {
		return kept, context.Cause(c.in.Context)
	}
	if errors.Is(err, ErrNotInKeyring) {
		return kept, nil
	}
	if err == nil && json.Unmarshal([]byte(text), &kept) != nil {
		err = errors.New("the entry cannot be read") // the decoder's message would quote a secret
	}
	if err != nil {
		err = failure.New(failure.Config, "reading the secrets of profile %s from the keyring: %w", p.Name, refusal{err}).
			Hint("unlock the keyring, or store them in the file: `stockctl auth login --store file`")
	}
	return kept, err
}
