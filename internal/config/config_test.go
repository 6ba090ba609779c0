package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
)

// setup is the environment, file and flags for one test.
type setup struct {
	t     *testing.T
	env   map[string]string
	flags []string
	path  string
}

func newSetup(t *testing.T, file string, flags ...string) *setup {
	t.Helper()
	s := &setup{t: t, flags: flags, path: filepath.Join(t.TempDir(), "stockctl", "config.yaml")}
	s.env = map[string]string{"STOCKCTL_CONFIG": s.path, "HOME": t.TempDir()}
	if file != "" {
		if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(s.path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (s *setup) load() (*config.Config, error) {
	s.t.Helper()
	f := pflag.NewFlagSet("stockctl", pflag.ContinueOnError)
	for _, name := range []string{"profile", "base-url", "output", "color", "config"} {
		f.String(name, "", "")
	}
	for _, name := range []string{"no-input", "debug", "quiet", "allow-http"} {
		f.Bool(name, false, "")
	}
	f.Duration("timeout", 0, "")
	f.Duration("max-wait", 0, "")
	if err := f.Parse(s.flags); err != nil {
		s.t.Fatal(err)
	}
	lookup := func(name string) (string, bool) { v, ok := s.env[name]; return v, ok }
	return config.Load(config.Inputs{Flags: f, LookupEnv: lookup})
}

func (s *setup) mustLoad() *config.Config {
	s.t.Helper()
	c, err := s.load()
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

const lagos = `current: lagos
profiles:
  lagos:
    base-url: https://lagos.example.com
    warehouse: LGS-01
    output: json
    email: ada@example.com
    merchant-api-key: pk_test_stored
    token: stored-token
    token-expires: 2026-11-24T08:00:00Z
  abuja: {}
`

func TestPrecedence(t *testing.T) {
	for name, test := range map[string]struct {
		env    string
		flags  []string
		file   string
		want   string
		origin config.Origin
	}{
		"default":     {"", nil, "", config.DefaultBaseURL, "default"},
		"profile":     {"", nil, lagos, "https://lagos.example.com", "profile lagos"},
		"environment": {"https://env.example.com", nil, lagos, "https://env.example.com", "environment STOCKCTL_BASE_URL"},
		"flag":        {"https://env.example.com", []string{"--base-url", "https://flag.example.com"}, lagos, "https://flag.example.com", "flag --base-url"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSetup(t, test.file, test.flags...)
			if test.env != "" {
				s.env["STOCKCTL_BASE_URL"] = test.env
			}
			if got := s.mustLoad().BaseURL(); got.Value != test.want || got.Origin != test.origin {
				t.Errorf("got %+v, want %s from %s", got, test.want, test.origin)
			}
		})
	}
}

func TestSettings(t *testing.T) {
	s := newSetup(t, lagos, "--timeout", "5s", "--quiet")
	s.env["STOCKCTL_MAX_WAIT"] = "2m"
	s.env["STOCKCTL_WAREHOUSE"] = "ABJ-01"
	s.env["STOCKCTL_DEBUG"] = "1"
	c := s.mustLoad()
	if c.Profile() != "lagos" || c.Output().Value != "json" || c.Warehouse().Value != "ABJ-01" || c.Color() != "auto" {
		t.Errorf("got %s, %+v, %+v, %s", c.Profile(), c.Output(), c.Warehouse(), c.Color())
	}
	if wait, set := c.MaxWait(); c.Timeout() != 5*time.Second || wait != 2*time.Minute || !set {
		t.Errorf("timeout %s, max wait %s", c.Timeout(), wait)
	}
	if !c.Debug() || !c.Quiet() || c.NoInput() || c.AllowHTTP() {
		t.Error("switches are wrong")
	}
	for value, want := range map[string]bool{"true": true, "1": true, "yes": true, "false": false, "0": false, "": false} {
		s.env["CI"] = value
		if got := s.mustLoad().NoInput(); got != want {
			t.Errorf("CI=%q: NoInput %t, want %t", value, got, want)
		}
	}
}

func TestWrongValues(t *testing.T) {
	for name, test := range map[string]struct {
		file  string
		env   map[string]string
		flags []string
		kind  failure.Kind
		want  string
	}{
		"number as duration": {env: map[string]string{"STOCKCTL_TIMEOUT": "30"}, kind: failure.Usage, want: "STOCKCTL_TIMEOUT needs a unit: write 30s for 30 seconds"},
		"zero duration":      {flags: []string{"--timeout", "0s"}, kind: failure.Usage, want: `--timeout must be a duration above zero, such as 30s or 2m, not "0s"`},
		"config blank":       {flags: []string{"--config", ""}, kind: failure.Usage, want: "--config must name a file"},
		"negative duration":  {env: map[string]string{"STOCKCTL_MAX_WAIT": "-1m"}, kind: failure.Usage, want: `STOCKCTL_MAX_WAIT must be a duration above zero, such as 30s or 2m, not "-1m"`},
		"profile variable": {
			env: map[string]string{"STOCKCTL_PROFILE": "a/b"}, kind: failure.Usage,
			want: `environment STOCKCTL_PROFILE: invalid profile name "a/b": use at most 63 lower-case letters, digits, - and _, beginning with a letter or digit`,
		},
		"switch": {env: map[string]string{"STOCKCTL_NO_INPUT": "maybe"}, kind: failure.Usage, want: `STOCKCTL_NO_INPUT must be true or false, not "maybe"`},
		"color":  {flags: []string{"--color", "red"}, kind: failure.Usage, want: `--color must be auto, always or never, not "red"`},
		"profile name": {
			flags: []string{"--profile", "La gos"}, kind: failure.Usage,
			want: `invalid profile name "La gos": use at most 63 lower-case letters, digits, - and _, beginning with a letter or digit`,
		},
		"sandbox with a base URL": {flags: []string{"--profile", "sandbox", "--base-url", "https://x"}, kind: failure.Usage, want: "--base-url cannot be used with the sandbox, which runs inside stockctl"},
		"unknown key": {
			file: "profiles:\n  lagos:\n    tokn: x\n", kind: failure.Config,
			want: "CONFIG:3:5: unknown setting: a profile can have base-url, warehouse, output, email, merchant-api-key, token, store, token-expires and confirm",
		},
		"wrong type":     {file: "profiles: 5\n", kind: failure.Config, want: "CONFIG:1:11: profiles must be a mapping of keys to values"},
		"twice":          {file: "current: a\ncurrent: b\n", kind: failure.Config, want: "CONFIG:2:1: duplicate setting"},
		"broken":         {file: "profiles:\n  lagos: {token: s3cret\n", kind: failure.Config, want: "CONFIG:2:10: invalid YAML"},
		"stored sandbox": {file: "profiles:\n  sandbox: {}\n", kind: failure.Config, want: "CONFIG:2:3: the profile sandbox is built in and cannot be stored, changed or deleted"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSetup(t, test.file, test.flags...)
			for k, v := range test.env {
				s.env[k] = v
			}
			_, err := s.load()
			if err == nil {
				t.Fatal("no error")
			}
			if got := strings.ReplaceAll(err.Error(), s.path, "CONFIG"); got != test.want || failure.KindOf(err) != test.kind {
				t.Errorf("got  %s: %s\nwant %s: %s", failure.KindOf(err), got, test.kind, test.want)
			}
		})
	}
}

func TestProfiles(t *testing.T) {
	s := newSetup(t, lagos, "--profile", "lagoss")
	err := s.mustLoad().RequireProfile()
	if failure.KindOf(err) != failure.Config || failure.HintOf(err) != "did you mean lagos?" {
		t.Errorf("got %v with the hint %q, want the hint to name lagos", err, failure.HintOf(err))
	}
	s.flags = nil
	s.env["STOCKCTL_PROFILE"] = "sandbox"
	s.env["STOCKCTL_BASE_URL"] = "https://real.example.com"
	c := s.mustLoad()
	if !c.IsSandbox() || c.BaseURL().Value != "" || c.RequireProfile() != nil {
		t.Errorf("the environment's base URL reaches the sandbox: %+v", c.BaseURL())
	}
	var names []string
	for _, p := range c.Profiles() {
		names = append(names, p.Name)
	}
	if fmt.Sprint(names) != "[abuja lagos]" {
		t.Errorf("profiles %v", names)
	}
}

func TestSecrets(t *testing.T) {
	s := newSetup(t, lagos)
	secret := func(want, origin string) {
		t.Helper()
		got, err := s.mustLoad().Secrets().Token()
		if err != nil || got.Value != want || string(got.Origin) != origin {
			t.Errorf("got %q from %q, %v; want %q from %q", got.Value, got.Origin, err, want, origin)
		}
	}
	fails := func(want string) {
		t.Helper()
		_, err := s.mustLoad().Secrets().Token()
		if err == nil || err.Error() != want || failure.KindOf(err) != failure.Config {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	secret("stored-token", "profile lagos")
	if end := s.mustLoad().TokenExpires(); !end.Equal(time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)) {
		t.Errorf("the token ends %s", end)
	}

	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("from-file\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.env["STOCKCTL_TOKEN_FILE"] = file
	secret("from-file", "environment STOCKCTL_TOKEN_FILE")
	s.env["STOCKCTL_TOKEN"] = "from-env"
	fails("STOCKCTL_TOKEN and STOCKCTL_TOKEN_FILE are both set: use only one")
	s.env["STOCKCTL_TOKEN_FILE"] = ""
	secret("from-env", "environment STOCKCTL_TOKEN")
	s.env["STOCKCTL_TOKEN"] = "two\nlines"
	fails("STOCKCTL_TOKEN contains a line break or another control character: it must be a single line")
	delete(s.env, "STOCKCTL_TOKEN")
	s.env["STOCKCTL_TOKEN_FILE"] = file + "x"
	fails("STOCKCTL_TOKEN_FILE: reading " + file + "x: no such file or directory")
}

// A secret stored for one server must never be sent to another.
func TestSecretsStayWithTheirHost(t *testing.T) {
	for url, same := range map[string]bool{
		"https://lagos.example.com/":    true,
		"https://LAGOS.example.com:443": true,
		"https://lagos.example.com:444": false,
		"http://lagos.example.com":      false,
		"https://evil.example.com":      false,
	} {
		s := newSetup(t, lagos, "--base-url", url)
		got, err := s.mustLoad().Secrets().MerchantKey()
		if same && got.Value != "pk_test_stored" {
			t.Errorf("%s: got %v, want the stored key", url, err)
		}
		if !same && (!errors.Is(err, config.ErrOtherHost) || got.Value != "") {
			t.Errorf("%s: got the key %q, %v", url, got.Value, err)
		}
		s.env["STOCKCTL_MERCHANT_API_KEY"] = "pk_test_env"
		if got, err := s.mustLoad().Secrets().MerchantKey(); err != nil || got.Value != "pk_test_env" {
			t.Errorf("%s: a key of the environment is for wherever the call goes: %v", url, err)
		}
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	token, err := newSetup(t, lagos).mustLoad().Secrets().Token()
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if shown := fmt.Sprintf(verb, token); strings.Contains(shown, "stored-token") || strings.Contains(shown, "73746f7265642d746f6b656e") {
			t.Errorf("%s shows %s", verb, shown)
		}
	}
}

func TestFileModes(t *testing.T) {
	s := newSetup(t, lagos)
	if err := os.Chmod(s.path, 0o640); err != nil {
		t.Fatal(err)
	}
	_, err := s.load()
	if failure.KindOf(err) != failure.Config || !strings.HasPrefix(failure.HintOf(err), "run `chmod 600 "+s.path+"`") {
		t.Errorf("got %v with the hint %q, want the hint to change the mode", err, failure.HintOf(err))
	}

	fresh := newSetup(t, "")
	if err := fresh.mustLoad().Edit(func(f *config.File) error { f.Profile("lagos").Token = "x"; return nil }); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{fresh.path: 0o600, filepath.Dir(fresh.path): 0o700} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v (%v)", name, info.Mode().Perm(), want, err)
		}
	}
	// An edit fixes the mode of a file that others can read.
	if err := os.WriteFile(fresh.path, []byte("current: sandbox\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(fresh.path, 0o644); err != nil { // the file existed and kept its mode
		t.Fatal(err)
	}
	if err := fresh.mustLoad().Edit(func(f *config.File) error { f.Profile("lagos").Token = "x"; return nil }); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(fresh.path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v after an edit", info.Mode().Perm())
	}
}

func TestReadingCreatesNothing(t *testing.T) {
	s := newSetup(t, "")
	s.mustLoad()
	if _, err := os.Stat(filepath.Dir(s.path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reading the configuration created %s", filepath.Dir(s.path))
	}
}

// Concurrent edits must all take effect.
func TestEditsDoNotLoseEachOther(t *testing.T) {
	s := newSetup(t, "")
	var wg sync.WaitGroup
	for i := range 20 {
		c := s.mustLoad()
		wg.Go(func() {
			if err := c.Edit(func(f *config.File) error { f.Profile(fmt.Sprintf("p%d", i)).Warehouse = "W"; return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := len(s.mustLoad().Profiles()); got != 20 {
		t.Errorf("%d profiles exist, want 20", got)
	}
}

func TestEditFollowsALink(t *testing.T) {
	s := newSetup(t, lagos)
	real := filepath.Join(t.TempDir(), "real.yaml")
	if err := os.Rename(s.path, real); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(real, s.path); err != nil {
		t.Skip(err)
	}
	if err := s.mustLoad().Edit(func(f *config.File) error { f.Current = "abuja"; return nil }); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(s.path); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info.Mode(), err)
	}
	if got := s.mustLoad().Profile(); got != "abuja" {
		t.Errorf("current is %s", got)
	}
}

func TestPlaces(t *testing.T) {
	s := newSetup(t, "")
	delete(s.env, "STOCKCTL_CONFIG")
	s.env["XDG_CONFIG_HOME"], s.env["XDG_STATE_HOME"] = "/xdg/config", "/xdg/state"
	c := s.mustLoad()
	state, err := c.StateDir()
	if c.Path() != "/xdg/config/stockctl/config.yaml" || state != "/xdg/state/stockctl" || err != nil {
		t.Errorf("got %s, %s, %v", c.Path(), state, err)
	}
	s.env = map[string]string{"HOME": "/home/ada", "XDG_CONFIG_HOME": "relative"}
	if c := s.mustLoad(); !strings.HasPrefix(c.Path(), "/home/ada/") {
		t.Errorf("a relative XDG_CONFIG_HOME counts: %s", c.Path())
	}
	// Without HOME, everything works that does not need a folder.
	s.env = map[string]string{"STOCKCTL_STATE_DIR": "/state"}
	c = s.mustLoad()
	if state, err := c.StateDir(); c.Path() != "" || state != "/state" || err != nil {
		t.Errorf("without HOME: %q, %q, %v", c.Path(), state, err)
	}
	err = c.Edit(func(*config.File) error { return nil })
	if failure.KindOf(err) != failure.Config || err.Error() != "no location for the configuration file: HOME is not set" {
		t.Errorf("an edit without HOME: %v", err)
	}
	s.env = nil
	if _, err := s.mustLoad().StateDir(); err == nil || err.Error() != "no location for the state folder: HOME is not set" {
		t.Errorf("a state folder without HOME: %v", err)
	}
}

func TestJWTExpiry(t *testing.T) {
	// {"exp":1764000000}
	end, ok := config.JWTExpiry("e30.eyJleHAiOjE3NjQwMDAwMDB9.x")
	if !ok || end.Unix() != 1764000000 {
		t.Errorf("got %v, %t", end, ok)
	}
	for _, token := range []string{"", "opaque", "a.b.c", "a.e30.c", "e30.eyJleHAiOiJ4In0.x"} {
		if _, ok := config.JWTExpiry(token); ok {
			t.Errorf("%q has an end", token)
		}
	}
}

func FuzzConfigFile(f *testing.F) {
	f.Add(lagos)
	f.Add("profiles:\n  a: {token: s3cret-value\n")
	f.Add("\x00")
	f.Add("current: sandbox\nprofiles: {\"012\": {token: 0x1F, email: 'it''s', warehouse: \"\\u00e9 \"}, null: ~}")
	f.Add("profiles:\n  a:\n    token: |-\n      s3cret-value\n    token-expires: 2026-11-24T08:00:00.5+01:00\n")
	f.Add("profiles: {a: &x {<<: *x}}\n---\n- ? !!binary s3cret-value")
	f.Fuzz(func(t *testing.T, text string) {
		s := newSetup(t, text+"\n# s3cret-value\n")
		c, err := s.load()
		if err != nil {
			if failure.KindOf(err) == failure.Unexpected {
				t.Errorf("an error of no kind: %v", err)
			}
			if strings.HasPrefix(err.Error(), s.path) && strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the error quotes the file: %v", err)
			}
			return
		}
		// A file that can be read can be written and read again.
		if err := c.Edit(func(f *config.File) error { f.Profile("zz-new").Output = "json"; return nil }); err != nil {
			t.Fatal(err)
		}
		again, err := s.load()
		if err != nil {
			t.Fatal(err)
		}
		for _, was := range c.Profiles() {
			is, found := again.Find(was.Name)
			same := found && is.TokenExpires.Equal(was.TokenExpires)
			is.TokenExpires = was.TokenExpires
			if was.Name != "zz-new" && (!same || is != was) {
				t.Errorf("%s became another: %q is %q", was, was.Token, is.Token)
			}
		}
	})
}
