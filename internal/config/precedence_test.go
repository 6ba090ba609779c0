package config_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/internal/config"
)

// source says which sources have a value.
type source struct{ profile, env, flag bool }

// TestEverySettingFromEverySource checks every setting from every source, with values in
// all sources of lower precedence.
func TestEverySettingFromEverySource(t *testing.T) {
	text := func(get func(*config.Config) config.Setting) func(*config.Config) string {
		return func(c *config.Config) string { s := get(c); return s.Value + " from " + string(s.Origin) }
	}
	truth := func(get func(*config.Config) bool) func(*config.Config) string {
		return func(c *config.Config) string { return fmt.Sprint(get(c)) }
	}
	for _, test := range []struct {
		key, variable, flag, env string
		get                      func(*config.Config) string
		byDefault, byProfile     string
		byEnv, byFlag            string
	}{
		{
			"base-url", "STOCKCTL_BASE_URL", "https://f.example", "https://e.example", text((*config.Config).BaseURL),
			config.DefaultBaseURL + " from default", "https://p.example from profile lagos",
			"https://e.example from environment STOCKCTL_BASE_URL", "https://f.example from flag --base-url",
		},
		{
			"warehouse", "STOCKCTL_WAREHOUSE", "F", "E", text((*config.Config).Warehouse),
			" from default", "P from profile lagos", "E from environment STOCKCTL_WAREHOUSE", "F from flag --warehouse",
		},
		{
			"output", "STOCKCTL_OUTPUT", "csv", "yaml", text((*config.Config).Output),
			" from default", "json from profile lagos", "yaml from environment STOCKCTL_OUTPUT", "csv from flag --output",
		},
		{
			"timeout", "STOCKCTL_TIMEOUT", "5s", "7s", func(c *config.Config) string { return c.Timeout().String() },
			"30s", "30s", "7s", "5s",
		},
		{
			"max-wait", "STOCKCTL_MAX_WAIT", "5s", "7s", func(c *config.Config) string { return fmt.Sprint(c.MaxWait()) },
			"0s false", "0s false", "7s true", "5s true",
		},
		{"no-input", "STOCKCTL_NO_INPUT", "false", "yes", truth((*config.Config).NoInput), "false", "false", "true", "false"},
		{"debug", "STOCKCTL_DEBUG", "false", "ON", truth((*config.Config).Debug), "false", "false", "true", "false"},
		{"allow-http", "STOCKCTL_ALLOW_HTTP", "false", "1", truth((*config.Config).AllowHTTP), "false", "false", "true", "false"},
		{"quiet", "STOCKCTL_QUIET", "true", "true", truth((*config.Config).Quiet), "false", "false", "false", "true"},
		{"color", "STOCKCTL_COLOR", "never", "always", (*config.Config).Color, "auto", "auto", "auto", "never"},
		{"profile", "STOCKCTL_PROFILE", "flagged", "exported", (*config.Config).Profile, "default", "lagos", "exported", "flagged"},
	} {
		for from, want := range map[source]string{
			{}:                                     test.byDefault,
			{profile: true}:                        test.byProfile,
			{profile: true, env: true}:             test.byEnv,
			{profile: true, env: true, flag: true}: test.byFlag,
			{flag: true}:                           test.byFlag,
		} {
			s := newSetup(t, "")
			if from.profile {
				s = newSetup(t, "current: lagos\nprofiles:\n  lagos: {base-url: https://p.example, warehouse: P, output: json}\n")
			}
			if !slices.Contains([]string{"STOCKCTL_BASE_URL", "STOCKCTL_PROFILE"}, test.variable) {
				s.env[test.variable] = "" // empty means unset, except for those that determine where to write
			}
			if from.env {
				s.env[test.variable] = test.env
			}
			f := allFlags()
			if from.flag {
				if err := f.Set(test.key, test.flag); err != nil {
					t.Fatal(err)
				}
			}
			lookup := func(name string) (string, bool) { v, ok := s.env[name]; return v, ok }
			c, err := config.Load(config.Inputs{Flags: f, LookupEnv: lookup})
			if err != nil {
				t.Fatalf("%s %+v: %v", test.key, from, err)
			}
			if got := test.get(c); got != want {
				t.Errorf("%s %+v: got %q, want %q", test.key, from, got, want)
			}
		}
	}
}

// allFlags returns the global flags and --warehouse, all unset. Their defaults must never be
// used.
func allFlags() *pflag.FlagSet {
	f := pflag.NewFlagSet("stockctl", pflag.ContinueOnError)
	for _, name := range []string{"profile", "base-url", "output", "color", "config", "warehouse"} {
		f.String(name, "a-default", "")
	}
	for _, name := range []string{"no-input", "debug", "quiet", "allow-http"} {
		f.Bool(name, true, "")
	}
	f.Duration("timeout", time.Hour, "")
	f.Duration("max-wait", time.Hour, "")
	return f
}

func TestExplicitSettingsOverrideCI(t *testing.T) {
	s := newSetup(t, "")
	s.env["CI"] = "true"
	s.env["STOCKCTL_NO_INPUT"] = "0"
	if s.mustLoad().NoInput() {
		t.Error("STOCKCTL_NO_INPUT=0 must win over CI")
	}
	s.env["STOCKCTL_NO_INPUT"] = ""
	s.flags = []string{"--no-input=false"}
	if s.mustLoad().NoInput() {
		t.Error("--no-input=false must win over CI")
	}
}

func TestLoadWithoutFlags(t *testing.T) {
	c, err := config.Load(config.Inputs{LookupEnv: func(string) (string, bool) { return "", false }})
	if err != nil || c.BaseURL().Value != config.DefaultBaseURL {
		t.Errorf("got %v, %v", c, err)
	}
}

// The path has its own order: flag, variable, XDG, home.
func TestPathPrecedence(t *testing.T) {
	s := newSetup(t, "", "--config", "flag.yaml")
	s.env = map[string]string{"STOCKCTL_CONFIG": "env.yaml", "XDG_CONFIG_HOME": "/xdg", "HOME": "/home/ada"}
	if got := s.mustLoad().Path(); got != "flag.yaml" {
		t.Errorf("got %s, want %q", got, "flag.yaml")
	}
	s.flags = nil
	if got := s.mustLoad().Path(); got != "env.yaml" {
		t.Errorf("got %s, want %q", got, "env.yaml")
	}
}
