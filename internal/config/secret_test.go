package config_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
)

// getters maps variables to the functions that return the secrets.
func getters() map[string]func(config.Secrets) (config.Secret, error) {
	return map[string]func(config.Secrets) (config.Secret, error){
		"STOCKCTL_MERCHANT_API_KEY": config.Secrets.MerchantKey,
		"STOCKCTL_TOKEN":            config.Secrets.Token,
		"STOCKCTL_PASSWORD":         config.Secrets.Password,
	}
}

// The sandbox has no secrets, so a write for it cannot reach a real API.
func TestSandboxHasNoSecrets(t *testing.T) {
	s := newSetup(t, lagos, "--profile", "sandbox")
	s.env["STOCKCTL_EMAIL"] = "ada@example.com"
	for variable := range getters() {
		s.env[variable] = "real"
	}
	for variable, get := range getters() {
		if got, err := get(s.mustLoad().Secrets()); err != nil || got != (config.Secret{}) {
			t.Errorf("%s reaches the sandbox: %q, %v", variable, got.Value, err)
		}
	}
	c := s.mustLoad()
	if got := c.Secrets().Email(); got != (config.Secret{}) {
		t.Errorf("the email reaches the sandbox: %q", got.Value)
	}
	if !c.TokenExpires().IsZero() {
		t.Error("the sandbox's token has an end")
	}
	if got := c.BaseURL(); got != (config.Setting{Origin: "built in"}) {
		t.Errorf("base URL %+v", got)
	}
}

func TestSecretFiles(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, empty, lines := file("good", "s3cret\n"), file("empty", "\n"), file("lines", "s3cret\nX: y\n")
	large := file("large", strings.Repeat("s", 1<<20+1))
	for variable, get := range getters() {
		s := newSetup(t, lagos)
		s.env[variable+"_FILE"] = good
		got, err := get(s.mustLoad().Secrets())
		if err != nil || got.Value != "s3cret" || got.Origin != config.Origin("environment "+variable+"_FILE") {
			t.Errorf("%s: %q from %q, %v", variable, got.Value, got.Origin, err)
		}
		for path, want := range map[string]string{
			empty:                        ": " + empty + " is empty",
			lines:                        ": " + lines + " contains a line break or another control character: it must be a single line",
			large:                        ": reading " + large + ": it is larger than 1 MiB",
			dir:                          ": reading " + dir + ": is a directory",
			filepath.Join(dir, "absent"): ": reading " + filepath.Join(dir, "absent") + ": no such file or directory",
		} {
			s.env[variable+"_FILE"] = path
			got, err := get(s.mustLoad().Secrets())
			if err == nil || err.Error() != variable+"_FILE"+want || failure.KindOf(err) != failure.Config || got.Value != "" {
				t.Errorf("got %q, %v; want %s_FILE%s", got.Value, err, variable, want)
			}
		}
		s.env[variable] = "s3cret"
		if _, err := get(s.mustLoad().Secrets()); err == nil || err.Error() != variable+" and "+variable+"_FILE are both set: use only one" {
			t.Errorf("got %v, want an error that both variables are set", err)
		}
		delete(s.env, variable+"_FILE")
		s.env[variable] = "s3\u0085cret"
		if got, err := get(s.mustLoad().Secrets()); err == nil || got.Value != "" || err.Error() != variable+" contains a line break or another control character: it must be a single line" {
			t.Errorf("control: %q, %v", got.Value, err)
		}
	}
	// The limit also applies to files without a size.
	if _, err := os.Stat("/dev/zero"); err == nil {
		s := newSetup(t, "")
		s.env["STOCKCTL_TOKEN_FILE"] = "/dev/zero"
		if _, err := s.mustLoad().Secrets().Token(); err == nil || err.Error() != "STOCKCTL_TOKEN_FILE: reading /dev/zero: it is larger than 1 MiB" {
			t.Errorf("/dev/zero: %v", err)
		}
	}
}

// No file is opened before a secret is needed.
func TestSecretFilesAreReadWhenAskedFor(t *testing.T) {
	s := newSetup(t, "")
	for variable := range getters() {
		s.env[variable+"_FILE"] = filepath.Join(t.TempDir(), "absent")
	}
	s.mustLoad()
}

func TestNoSecrets(t *testing.T) {
	s := newSetup(t, "")
	for variable, get := range getters() {
		if got, err := get(s.mustLoad().Secrets()); err != nil || got != (config.Secret{}) {
			t.Errorf("%s: %+v from %q, %v", variable, got, got.Origin, err)
		}
	}
	if got := s.mustLoad().Secrets().Email(); got != (config.Secret{}) {
		t.Errorf("email from %q", got.Origin)
	}
	s.env["STOCKCTL_EMAIL"] = "ada@example.com"
	if got := s.mustLoad().Secrets().Email(); got.Value != "ada@example.com" || got.Origin != "environment STOCKCTL_EMAIL" {
		t.Errorf("email %q from %q", got.Value, got.Origin)
	}
}

// Neither a secret nor a struct that contains it can be printed or encoded.
func TestNothingShowsASecret(t *testing.T) {
	c := newSetup(t, lagos).mustLoad()
	token, err := c.Secrets().Token()
	if err != nil {
		t.Fatal(err)
	}
	p, _ := c.Find("lagos")
	stored := &config.File{Profiles: map[string]*config.Profile{"lagos": &p}}
	for name, held := range map[string]any{
		"secret": token, "pointer": &token, "list": []config.Secret{token}, "field": struct{ S config.Secret }{token},
		"profile": p, "profiles": c.Profiles(), "file": stored, "config": c, "value": *c, "secrets": c.Secrets(),
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
			if shown := fmt.Sprintf(verb, held); leaks(shown) {
				t.Errorf("%s by %s: %s", name, verb, shown)
			}
		}
		if shown, _ := json.Marshal(held); leaks(string(shown)) {
			t.Errorf("%s as JSON: %s", name, shown)
		}
	}
	if token.String() != "(hidden)" || (config.Secret{}).String() != "none" {
		t.Errorf("got %s and %s", token, config.Secret{})
	}
}

func leaks(shown string) bool {
	shown = strings.ToLower(shown)
	for _, secret := range []string{"stored-token", "pk_test_stored"} {
		if strings.Contains(shown, secret) || strings.Contains(shown, fmt.Sprintf("%x", secret)) {
			return true
		}
	}
	return false
}

// The error for a secret for another host names both hosts, without a password in the URL.
func TestOtherHostMessage(t *testing.T) {
	for url, want := range map[string]string{
		"https://u:pw@evil.example/x": "https://evil.example",
		"http://lagos.example.com":    "http://lagos.example.com",
		"https://u:pw@a b":            "another address",
		"evil.example":                "another address",
	} {
		s := newSetup(t, lagos)
		s.env["STOCKCTL_BASE_URL"] = url
		_, err := s.mustLoad().Secrets().Token()
		text := "the profile's secrets are for another host: profile lagos has them for https://lagos.example.com, but environment STOCKCTL_BASE_URL is " + want
		hint := "use a separate profile for that host: `stockctl auth login --profile NAME --base-url URL`, or set STOCKCTL_TOKEN"
		if err == nil || err.Error() != text || failure.HintOf(err) != hint || failure.KindOf(err) != failure.Config {
			t.Errorf("%s: got %v (%s)", url, err, failure.HintOf(err))
		}
	}
}

// If the profile has no secret, another host is not an error: a job with its own key may
// sign in to another server.
func TestMissingSecretsAreForAnyHost(t *testing.T) {
	s := newSetup(t, "profiles:\n  default:\n    merchant-api-key: pk_test_1\n", "--base-url", "https://other.example")
	if got, err := s.mustLoad().Secrets().Token(); err != nil || got != (config.Secret{}) {
		t.Errorf("token %q, %v", got.Value, err)
	}
}

func TestSameHost(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"", config.DefaultBaseURL, true},
		{"https://a.example", "https://A.example:443/v1/", true},
		{"https://a.example:80", "http://a.example:80", false},
		{"https://a.example", "https://a.example.evil.example", false},
		{"https://evil.example/a.example", "https://a.example", false},
		{"https://a.example@evil.example", "https://a.example", false},
		{"a.example", "b.example", false}, // neither is a URL with a host
		{"https:a.example", "https:b.example", false},
	} {
		if got := config.SameHost(test.a, test.b); got != test.want {
			t.Errorf("SameHost(%q, %q) = %t", test.a, test.b, got)
		}
	}
}
