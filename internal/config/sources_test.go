package config_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
)

// An empty variable that determines where to write is an error, as a job that lost its
// secret would write to the wrong store.
func TestEmptyVariables(t *testing.T) {
	for _, name := range []string{"STOCKCTL_BASE_URL", "STOCKCTL_PROFILE", "STOCKCTL_TOKEN", "STOCKCTL_MERCHANT_API_KEY"} {
		for _, nothing := range []string{"", " ", "\n"} {
			s := newSetup(t, lagos)
			s.env[name] = nothing
			_, err := s.load()
			if err == nil || err.Error() != name+" is set but empty" || failure.KindOf(err) != failure.Config || !strings.Contains(failure.HintOf(err), "unset "+name) {
				t.Errorf("%s=%q: %v", name, nothing, err)
			}
		}
	}
	for _, name := range []string{"STOCKCTL_WAREHOUSE", "STOCKCTL_OUTPUT", "STOCKCTL_EMAIL", "STOCKCTL_TIMEOUT"} {
		s := newSetup(t, lagos)
		s.env[name] = ""
		if _, err := s.load(); err != nil {
			t.Errorf("%s: got %v, want no error", name, err)
		}
	}
	for name, flags := range map[string][]string{
		"STOCKCTL_PROFILE": {"--profile", "lagos"}, "STOCKCTL_BASE_URL": {"--base-url", "https://x.example"}, "STOCKCTL_TOKEN": {"--profile", "sandbox"},
	} {
		s := newSetup(t, lagos, flags...)
		s.env[name] = ""
		if _, err := s.load(); err != nil {
			t.Errorf("%s with %v: %v", name, flags, err)
		}
	}
}

// Extra characters pasted or saved with a secret are reported, without showing the secret.
func TestSecretsAreChecked(t *testing.T) {
	for text, want := range map[string]string{
		"tok": "", "\ufefftok": "byte order mark", "\xff\xfet\x00": "byte order mark", `"tok"`: "quotes", "'tok'": "quotes", "“tok”": "quotes",
		"Bearer tok": `begins with "Bearer"`, "bearer tok": `begins with "Bearer"`, " tok": "begins or ends with a space", "tok ": "begins or ends with a space",
		"to k": "contains a space", "to\u200bk": "invisible character", "tok\r\nX: y": "control character",
	} {
		for variable, read := range map[string]func(config.Secrets) (config.Secret, error){
			"STOCKCTL_TOKEN": config.Secrets.Token, "STOCKCTL_MERCHANT_API_KEY": config.Secrets.MerchantKey,
		} {
			direct, file := newSetup(t, ""), newSetup(t, "")
			direct.env[variable] = text
			name := filepath.Join(t.TempDir(), "secret")
			if err := os.WriteFile(name, []byte(text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			file.env[variable+"_FILE"] = name
			for from, s := range map[string]*setup{variable: direct, variable + "_FILE: " + name: file} {
				_, err := read(s.mustLoad().Secrets())
				switch {
				case want == "" && err != nil:
					t.Errorf("%s: got %v, want no error", from, err)
				case want == "":
				case err == nil || !strings.HasPrefix(err.Error(), from+" ") || !strings.Contains(err.Error(), want) || failure.KindOf(err) != failure.Config:
					t.Errorf("%s=%q: got %v, want %s", from, text, err, want)
				case strings.Contains(err.Error(), "tok"):
					t.Errorf("the secret is shown: %v", err)
				}
			}
		}
	}
	// A password may contain any character, but must not begin with a byte order mark.
	for text, good := range map[string]bool{` "s3 cret" `: true, "Bearer x": true, "\ufeffs3cret": false} {
		s := newSetup(t, "")
		s.env["STOCKCTL_PASSWORD"] = text
		if _, err := s.mustLoad().Secrets().Password(); (err == nil) != good {
			t.Errorf("password %q: %v", text, err)
		}
	}
}

// silent is a keyring that waits for the user to unlock it.
type silent struct{ config.Keyring }

func (silent) Get(string, string) (string, error) { select {} }
func (silent) Set(string, string, string) error   { select {} }
func (silent) Delete(string, string) error        { select {} }

func TestKeyringThatDoesNotRespond(t *testing.T) {
	file := newSetup(t, "profiles: {default: {store: keyring, base-url: https://x.example}}")
	load := func(ctx context.Context, wait time.Duration) *config.Config {
		t.Helper()
		c, err := config.Load(config.Inputs{
			LookupEnv: func(name string) (string, bool) { v, ok := file.env[name]; return v, ok },
			Keyring:   silent{}, Context: ctx, KeyringWait: wait,
		})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	stored, _ := load(t.Context(), 0).Find("default")
	calls := map[string]func(*config.Config) error{
		"read": func(c *config.Config) error { _, err := c.Secrets().Token(); return err },
		"keep": func(c *config.Config) error {
			return c.KeepInKeyring("default", "https://x.example", config.KeyringSecrets{})
		},
		"forget": func(c *config.Config) error { return c.ForgetInKeyring(stored) },
	}
	signal := errors.New("terminated")
	for name, do := range calls {
		err := do(load(t.Context(), time.Millisecond))
		if err == nil || !strings.Contains(err.Error(), "no response after 1ms; it may be locked") {
			t.Errorf("%s: got %v, want no response after 1ms", name, err)
		}
		if config.NoKeyring(err) {
			t.Errorf("%s: a locked keyring counts as available", name)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(signal)
		if err := do(load(ctx, 10*time.Second)); !errors.Is(err, signal) {
			t.Errorf("%s: a signal does not end the wait: %v", name, err)
		}
	}
}

// forgetful is a keyring that asks before it stores an entry, and whose user says no.
type forgetful struct{ config.Keyring }

func (forgetful) Get(string, string) (string, error) { return "", config.ErrNotInKeyring }
func (forgetful) Set(string, string, string) error   { return nil }

func TestKeyringThatStoresNothing(t *testing.T) {
	file := newSetup(t, "")
	c, err := config.Load(config.Inputs{
		LookupEnv: func(name string) (string, bool) { v, ok := file.env[name]; return v, ok }, Keyring: forgetful{},
	})
	if err != nil {
		t.Fatal(err)
	}
	err = c.KeepInKeyring("default", "https://x.example", config.KeyringSecrets{Token: "tok"})
	if err == nil || err.Error() != "it reported success but did not store them" || config.NoKeyring(err) {
		t.Errorf("got %v, want %q", err, "it reported success but did not store them")
	}
}

func TestNoKeyring(t *testing.T) {
	for _, test := range []struct {
		err  error
		none bool
	}{
		{keyring.ErrUnsupportedPlatform, true},
		{fmt.Errorf("bus: %w", &exec.Error{Name: "dbus-launch", Err: exec.ErrNotFound}), true},
		{errors.New("The name org.freedesktop.secrets was not provided by any .service files"), true},
		{errors.New("dial unix /run/user/1000/bus: connect: no such file or directory"), true},
		{errors.New("failed to unlock correct collection '/org/freedesktop/secrets/aliases/default'"), false},
		{errors.New("prompt dismissed"), false},
		{nil, false},
	} {
		if got := config.NoKeyring(test.err); got != test.none {
			t.Errorf("%v: %v", test.err, got)
		}
	}
}
