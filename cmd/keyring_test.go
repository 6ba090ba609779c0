package cmd_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/sandbox"
)

// noKeyring is a machine without a keyring.
type noKeyring struct{}

var errNoKeyring = errors.New("dbus: couldn't determine address of session bus")

func (noKeyring) Get(string, string) (string, error) { return "", errNoKeyring }
func (noKeyring) Set(string, string, string) error   { return errNoKeyring }
func (noKeyring) Delete(string, string) error        { return errNoKeyring }

// fakeKeyring stores secrets in memory and counts how often it is opened.
type fakeKeyring struct {
	entries map[string]string
	opened  int
	locked  error
}

func (k *fakeKeyring) Get(service, user string) (string, error) {
	k.opened++
	secret, there := k.entries[service+"/"+user]
	switch {
	case k.locked != nil:
		return "", k.locked
	case !there:
		return "", config.ErrNotInKeyring
	}
	return secret, nil
}

func (k *fakeKeyring) Set(service, user, secret string) error {
	k.opened++
	if k.locked == nil {
		k.entries[service+"/"+user] = secret
	}
	return k.locked
}

func (k *fakeKeyring) Delete(service, user string) error {
	k.opened++
	if k.locked != nil {
		return k.locked
	}
	if _, there := k.entries[service+"/"+user]; !there {
		return config.ErrNotInKeyring
	}
	delete(k.entries, service+"/"+user)
	return nil
}

// tokenHolder returns a user with a key and a token who has not signed in yet.
func tokenHolder(t *testing.T, keyring *fakeKeyring) *user {
	t.Helper()
	server := newFaultServer(t, sandbox.Published)
	token, _ := server.shop.IssueToken()
	u := customer(t, server.URL, server.shop.Account().MerchantAPIKey, token)
	delete(u.env, "STOCKCTL_TOKEN")
	u.keyring, u.stdin = keyring, token
	return u
}

func (u *user) wants(t *testing.T, code int, stderr string, args ...string) string {
	t.Helper()
	got, out, errOut := u.run(t, t.Context(), args...)
	if got != code || !strings.Contains(errOut, stderr) {
		t.Errorf("%v: exit %d, want %d\n%s%s\nwant %s", args, got, code, out, errOut, stderr)
	}
	return out
}

// From login to logout, the secrets are in the keyring and not in the file, and the
// keyring is opened only if needed. After every command, all files are searched for
// secrets.
func TestKeyring(t *testing.T) {
	k := &fakeKeyring{entries: map[string]string{}}
	u := tokenHolder(t, k)
	u.wants(t, 0, "; stored in the keyring\n", "auth", "login", "--with-token")
	delete(u.env, "STOCKCTL_MERCHANT_API_KEY")
	delete(u.env, "STOCKCTL_BASE_URL")
	if len(k.entries) != 1 {
		t.Fatalf("the keyring contains %d entries", len(k.entries))
	}
	if out := u.wants(t, 0, "", "auth", "status", "-o", "json"); strings.Count(out, `"keyring"`) != 2 {
		t.Errorf("status does not name the keyring: %s", out)
	}
	u.wants(t, 0, "", "warehouse", "list")
	k.opened = 0
	for _, args := range [][]string{
		{"version"}, {"profile", "list"}, {"profile", "show"}, {"warehouse", "list", "--profile", "sandbox"}, {"__complete", "warehouse", "get", ""},
	} {
		u.wants(t, 0, "", args...)
	}
	if k.opened > 0 {
		t.Errorf("the keyring was opened %d times without need", k.opened)
	}
	u.env["STOCKCTL_TOKEN"], u.env["STOCKCTL_MERCHANT_API_KEY"] = u.stdin, u.secrets[0]
	u.wants(t, 0, "", "warehouse", "list")
	if k.opened > 0 {
		t.Error("the keyring was opened though the environment has the secrets")
	}
	delete(u.env, "STOCKCTL_TOKEN")
	delete(u.env, "STOCKCTL_MERCHANT_API_KEY")
	u.wants(t, 3, "the profile's secrets are for another host", "warehouse", "list", "--base-url", "https://other.example")
	k.locked = errors.New("it is locked")
	u.wants(t, 3, "error: reading the secrets of profile default from the keyring: it is locked\n"+
		"hint: unlock the keyring, or store them in the file: `stockctl auth login --store file`\n", "warehouse", "list")
	k.locked = nil
	u.wants(t, 0, "signed out of profile default\n", "auth", "logout")
	if len(k.entries) != 0 {
		t.Error("logout leaves the secrets in the keyring")
	}
	u.wants(t, 4, "", "warehouse", "list")
}

// Deleting a profile or changing its base URL removes its secrets.
func TestKeyringForgets(t *testing.T) {
	for _, args := range [][]string{
		{"profile", "delete", "default", "--yes"},
		{"profile", "set", "default", "--base-url", "https://other.example"},
		{"auth", "login", "--with-token", "--store", "file"},
	} {
		k := &fakeKeyring{entries: map[string]string{}}
		u := tokenHolder(t, k)
		u.wants(t, 0, "stored in the keyring", "auth", "login", "--with-token")
		if args[0] == "auth" {
			u.secrets = nil // they are in the file from here on
		}
		u.wants(t, 0, "", args...)
		if len(k.entries) != 0 {
			t.Errorf("%v leaves the secrets in the keyring", args)
		}
	}
}

// Without a keyring the secrets go to the file, with a note. With --store keyring it is
// an error, and nothing is stored.
func TestNoKeyring(t *testing.T) {
	u := tokenHolder(t, nil)
	u.keyring = nil
	u.wants(t, 3, "error: storing the secrets in the keyring: dbus: couldn't determine address of session bus\n", "auth", "login", "--with-token", "--store", "keyring")
	path := filepath.Join(u.home, "stockctl", "config.yaml")
	if _, err := os.Stat(path); err == nil {
		t.Error("a failed login leaves a file")
	}
	u.secrets = nil // the file will hold them
	u.wants(t, 0, "there is no keyring here (dbus: couldn't determine address of session bus)\nsigned in to profile default", "auth", "login", "--with-token")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v and the error %v, want a file that only the user can read", info, err)
	}
	u.env["STOCKCTL_STORE"] = "pocket"
	u.wants(t, 2, `--store must be keyring or file, not "pocket"`, "auth", "login", "--with-token")
}

// If the keyring is locked, the secrets must not go to the file instead.
func TestLockedKeyringIsNotNone(t *testing.T) {
	k := &fakeKeyring{entries: map[string]string{}, locked: errors.New("it is locked")}
	u := tokenHolder(t, k)
	u.wants(t, 3, "error: storing the secrets in the keyring: it is locked\nhint: unlock it and run the command again, or store them "+
		"in the file: `stockctl auth login --store file`\n", "auth", "login", "--with-token")
	if _, err := os.Stat(filepath.Join(u.home, "stockctl", "config.yaml")); err == nil {
		t.Error("the secrets went to the file")
	}
}

// The hint for a locked keyring works: signing in again with --store file succeeds, with
// a note about the remaining entry.
func TestKeyringLockedIsLeftForTheFile(t *testing.T) {
	k := &fakeKeyring{entries: map[string]string{}}
	u := tokenHolder(t, k)
	u.wants(t, 0, "stored in the keyring", "auth", "login", "--with-token")
	k.locked = errors.New("it is locked")
	u.wants(t, 3, "error: storing the secrets in the keyring: it is locked\nhint: unlock it, or store them in the file: `stockctl auth login --store file`\n", "auth", "login", "--with-token")
	u.secrets = nil // the file will hold them
	u.wants(t, 0, "removing the secrets of profile default from the keyring: it is locked; the old ones are left there\nsigned in to profile default", "auth", "login", "--with-token", "--store", "file")
	u.wants(t, 0, "", "warehouse", "list")

	// Without the key in the environment, the stored one is unknown.
	u = tokenHolder(t, k)
	k.locked = nil
	u.wants(t, 0, "stored in the keyring", "auth", "login", "--with-token")
	delete(u.env, "STOCKCTL_MERCHANT_API_KEY")
	k.locked = errors.New("it is locked")
	u.wants(t, 2, "error: the merchant API key is missing\nhint: set STOCKCTL_MERCHANT_API_KEY or STOCKCTL_MERCHANT_API_KEY_FILE\n", "auth", "login", "--with-token", "--store", "file")
}

// Signing in to another server removes the secrets for the old one.
func TestKeyringFollowsTheServer(t *testing.T) {
	k := &fakeKeyring{entries: map[string]string{}}
	u := tokenHolder(t, k)
	u.wants(t, 0, "stored in the keyring", "auth", "login", "--with-token")
	other := tokenHolder(t, k)
	for _, name := range []string{"STOCKCTL_BASE_URL", "STOCKCTL_MERCHANT_API_KEY"} {
		u.env[name] = other.env[name]
	}
	u.stdin = other.stdin
	u.wants(t, 0, "stored in the keyring", "auth", "login", "--with-token")
	if len(k.entries) != 1 {
		t.Errorf("the keyring contains %d entries after a sign-in elsewhere", len(k.entries))
	}
}

// A profile with secrets in the keyring is shown to have them.
func TestKeyringIsShown(t *testing.T) {
	k := &fakeKeyring{entries: map[string]string{}}
	u := tokenHolder(t, k)
	u.wants(t, 0, "stored in the keyring", "auth", "login", "--with-token")
	k.opened = 0
	out := u.wants(t, 0, "", "profile", "show", "-o", "json")
	if !strings.Contains(out, `"key": true`) || !strings.Contains(out, `"token": true`) || !strings.Contains(out, `"store": "keyring"`) {
		t.Errorf("profile show does not mention the secrets: %s", out)
	}
	if k.opened > 0 {
		t.Error("showing a profile opens the keyring")
	}
}

// The base URL cannot be changed while the secrets for the old one cannot be removed,
// since the profile would lose track of them.
func TestKeyringLockedKeepsTheBaseURL(t *testing.T) {
	k := &fakeKeyring{entries: map[string]string{}}
	u := tokenHolder(t, k)
	u.wants(t, 0, "stored in the keyring", "auth", "login", "--with-token")
	k.locked = errors.New("it is locked")
	path := filepath.Join(u.home, "stockctl", "config.yaml")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"profile", "set", "default", "--base-url", "https://other.example"}, {"profile", "delete", "default", "--yes"}, {"auth", "logout"},
	} {
		u.wants(t, 3, "error: removing the secrets of profile default from the keyring: it is locked\nhint: unlock the keyring and run the command again", args...)
		after, err := os.ReadFile(path)
		if err != nil || string(after) != string(before) || len(k.entries) != 1 {
			t.Errorf("%v changed something: %v\n%s", args, err, after)
		}
	}
}
