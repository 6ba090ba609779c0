package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/config"
)

// shelf is a keyring in memory.
type shelf map[string]string

func (s shelf) Set(_, user, secret string) error   { s[user] = secret; return nil }
func (s shelf) Get(_, user string) (string, error) { return s[user], nil }
func (s shelf) Delete(_, user string) error        { delete(s, user); return nil }

func draftOf(t *testing.T, text string, ring shelf) (*config.Draft, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "deep", "config.yaml")
	if text != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := map[string]string{"STOCKCTL_CONFIG": path}
	c, err := config.Load(config.Inputs{Keyring: ring, NoFile: true, LookupEnv: func(name string) (string, bool) { v, set := env[name]; return v, set }})
	if err != nil {
		t.Fatal(err)
	}
	d, err := c.Draft()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Discard(); err != nil {
			t.Error(err)
		}
		if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".edit-*")); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	})
	return d, path
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What the user wrote becomes the file byte for byte.
func TestDraftBecomesTheFile(t *testing.T) {
	d, path := draftOf(t, "profiles:\n  lagos:\n    warehouse: LGS-01\n", nil)
	const after = "# ours\n\nprofiles:\n    lagos: {warehouse: 'LGS-02'} # main\ncurrent: lagos"
	write(t, d.Path, after)
	f, changed, err := d.Read(nil)
	if err != nil || !changed || f.Profiles["lagos"].Warehouse != "LGS-02" {
		t.Fatalf("%+v, %t, %v", f, changed, err)
	}
	if out, err := d.Save(f); err != nil || len(out) > 0 {
		t.Fatal(out, err)
	}
	if got := read(t, path); got != after {
		t.Errorf("the file is\n%s", got)
	}
}

func TestDraftWithoutChanges(t *testing.T) {
	for _, text := range []string{"", "profiles:\n  lagos: {}\n", "no: [configuration"} {
		d, path := draftOf(t, text, nil)
		if f, changed, err := d.Read(nil); f != nil || changed || err != nil {
			t.Errorf("%q: %v, %t, %v", text, f, changed, err)
		}
		if _, err := os.Stat(path); text == "" && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a file was created: %v", err)
		}
	}
}

// A mistake has its place in the real file, and never quotes it.
func TestDraftWithMistakes(t *testing.T) {
	refuse := func(key, value string) error {
		if key == "output" && value == "tabel" {
			return errors.New("no such format")
		}
		return nil
	}
	for text, want := range map[string]string{
		"profiles:\n  lagos:\n    warehose: x\n":               ":3:5: unknown setting: a profile can have",
		"profiles:\n  lagos:\n    output: tabel\n":             ":3:13: output: no such format",
		"current: lagoss\nprofiles:\n  lagos: {output: csv}\n": ":1:10: current names a profile that does not exist",
		"profiles:\n\tlagos\n":                                 ":2:1: invalid YAML",
	} {
		d, path := draftOf(t, "profiles: {}\n", nil)
		write(t, d.Path, text)
		_, changed, err := d.Read(refuse)
		if !changed || err == nil || !strings.HasPrefix(err.Error(), path+want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// Another command may sign in or refresh a token while the editor is open.
func TestDraftOfAFileThatChanged(t *testing.T) {
	d, path := draftOf(t, "profiles:\n  lagos: {token: old}\n", nil)
	write(t, d.Path, "profiles:\n  abuja: {token: (hidden-1)} # moved\n")
	const meanwhile = "profiles:\n  lagos: {token: new}\n"
	write(t, path, meanwhile)
	f, _, err := d.Read(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Save(f); !errors.Is(err, config.ErrChanged) {
		t.Errorf("got %v, want %v", err, config.ErrChanged)
	}
	if got := read(t, path); got != meanwhile {
		t.Errorf("the file is\n%s", got)
	}
	// What the user wrote can become the file by hand.
	if err := d.Keep(f); err != nil {
		t.Fatal(err)
	}
	if got, want := read(t, d.Path), "profiles:\n  abuja: {token: old} # moved\n"; got != want {
		t.Errorf("the copy is %q, want %q", got, want)
	}
}

// A placeholder without a secret in the copy is not one either.
func TestDraftWithAnUnknownPlaceholder(t *testing.T) {
	for _, key := range []string{"token", "merchant-api-key"} {
		d, path := draftOf(t, "profiles: {}\n", nil)
		write(t, d.Path, "profiles:\n  lagos:\n    "+key+": \"(hidden-2)\"\n")
		_, _, err := d.Read(nil)
		if want := path + ":3:"; err == nil || !strings.HasPrefix(err.Error(), want) ||
			!strings.HasSuffix(err.Error(), key+" is a placeholder that `stockctl profile edit` showed, not a secret") {
			t.Errorf("%s: got %v, want an error about a placeholder", key, err)
		}
	}
}

// Secrets never go to another host, and those of a removed profile are forgotten.
func TestDraftSignsOut(t *testing.T) {
	ring := shelf{"kept@https://api.shopsynch.com:443": "a", "moved@https://api.shopsynch.com:443": "b", "gone@https://api.shopsynch.com:443": "c"}
	d, path := draftOf(t, `profiles:
  kept: {store: keyring}
  moved: {store: keyring}
  gone: {store: keyring}
  filed: {token: t1, merchant-api-key: k1}
  renewed: {token: t1, merchant-api-key: k1}
`, ring)
	write(t, d.Path, `# mine
profiles:
  kept: {store: keyring, base-url: 'https://api.shopsynch.com'}
  moved: {store: keyring, base-url: 'https://other.example.com'}
  filed: {token: t1, merchant-api-key: k1, base-url: 'https://other.example.com'}
  renewed: {token: t2, merchant-api-key: k1, base-url: 'https://other.example.com'}
`)
	f, _, err := d.Read(nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := d.Save(f)
	if err != nil || !slices.Equal(out, []string{"filed", "moved", "renewed"}) {
		t.Fatal(out, err)
	}
	if want := `# mine
profiles:
  kept: {store: keyring, base-url: 'https://api.shopsynch.com'}
  moved: {base-url: 'https://other.example.com'}
  filed: {base-url: 'https://other.example.com'}
  renewed: {token: t2, base-url: 'https://other.example.com'}
`; read(t, path) != want {
		t.Errorf("the file is\n%s", read(t, path))
	}
	if len(ring) != 1 || ring["kept@https://api.shopsynch.com:443"] != "a" {
		t.Errorf("the keyring has %v", ring)
	}
}
