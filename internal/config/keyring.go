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

// Keyring is the operating system's place for secrets. Get of what is not there
// returns ErrNotInKeyring.
type Keyring interface {
	Get(service, user string) (string, error)
	Set(service, user, secret string) error
	Delete(service, user string) error
}

// ErrNotInKeyring tells that a keyring does not hold the secret.
var ErrNotInKeyring = keyring.ErrNotFound

// ErrKeyring tells that the keyring is locked, or fails, or is no longer there.
var ErrKeyring = errors.New("the keyring does not answer")

// refusal is what a keyring said instead of an answer: an ErrKeyring in its own
// words.
type refusal struct{ cause error }

func (r refusal) Error() string { return r.cause.Error() }

func (r refusal) Unwrap() error { return r.cause }

func (r refusal) Is(target error) bool { return target == ErrKeyring }

// The places that `auth login --store` names.
const (
	StoreKeyring = "keyring"
	StoreFile    = "file"
)

// keyringService is what the entries are filed under.
const keyringService = "stockctl"

// systemKeyring is the keyring of whoever is logged in to this machine.
type systemKeyring struct{}

func (systemKeyring) Get(service, user string) (string, error) { return keyring.Get(service, user) }

func (systemKeyring) Set(service, user, secret string) error {
	return keyring.Set(service, user, secret)
}

func (systemKeyring) Delete(service, user string) error { return keyring.Delete(service, user) }

// Kept is what a profile keeps of a sign-in.
type Kept struct {
	MerchantAPIKey string `json:"merchantApiKey"`
	Token          string `json:"token"`
}

// Format shows none of it.
func (k Kept) Format(w fmt.State, _ rune) { fmt.Fprint(w, "(hidden)") }

// InKeyring tells whether the profile in use keeps its secrets in the keyring.
// It does not open it.
func (c *Config) InKeyring() bool {
	p, _ := c.Find(c.Profile())
	return p.Store == StoreKeyring
}

// KeepInKeyring puts the secrets of a profile for a base URL into the keyring.
// The profile itself still has to say so: Profile.Store. An error says why there
// is no keyring, or why it refused.
func (c *Config) KeepInKeyring(profile, baseURL string, k Kept) error {
	text, err := json.Marshal(k)
	if err != nil {
		return err
	}
	_, err = ask(c, func() (string, error) {
		return "", c.in.Keyring.Set(keyringService, entryOf(profile, baseURL), string(text))
	})
	return err
}

// keyringWait is how long a keyring may take that nobody is there to unlock.
const keyringWait = 3 * time.Second

// ask asks the keyring, for as long as it may take: one that is locked asks its
// owner, who may be away.
func ask(c *Config, do func() (string, error)) (string, error) {
	limited, cancel := context.WithTimeoutCause(c.in.Context, c.in.KeyringWait,
		fmt.Errorf("it has not answered for %s: it may be locked", c.in.KeyringWait))
	defer cancel()
	return await.Do(limited, do)
}

// NoKeyring tells from a keyring's error that there is none on this machine: not
// that it is locked, or that it fails.
func NoKeyring(err error) bool {
	var failed *exec.ExitError // of dbus-launch; on macOS, of a keyring that is there
	if errors.Is(err, keyring.ErrUnsupportedPlatform) || errors.Is(err, exec.ErrNotFound) || runtime.GOOS != "darwin" && errors.As(err, &failed) {
		return true
	}
	// The names of the message bus, whose errors carry nothing else.
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

// ForgetInKeyring removes what the keyring holds of a stored profile. What is
// not there is no error; that the keyring refuses is an ErrKeyring.
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
		Hint("unlock the keyring and run the command again; where it is gone for good, begin with `stockctl auth login --profile %s --store file`", p.Name)
}

// entryOf names an entry by the profile and the server that its secrets are for:
// for another server there is none.
func entryOf(profile, baseURL string) string { return profile + "@" + server(baseURL) }

// readOnce returns what reads the keyring's entry for a profile: the first time
// only, since a keyring may ask its owner each time. One run has one profile.
func (c *Config) readOnce() func(Profile) (Kept, error) {
	var (
		once sync.Once
		kept Kept
		err  error
	)
	return func(p Profile) (Kept, error) {
		once.Do(func() { kept, err = c.read(p) })
		return kept, err
	}
}

// read reads the keyring's entry; none is no error.
func (c *Config) read(p Profile) (kept Kept, err error) {
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
		err = errors.New("the entry cannot be read") // the decoder's words would quote a secret
	}
	if err != nil {
		err = failure.New(failure.Config, "reading the secrets of profile %s from the keyring: %w", p.Name, refusal{err}).
			Hint("unlock the keyring, or keep them in the file: `stockctl auth login --store file`")
	}
	return kept, err
}
