// Package config determines the current profile, its settings and secrets, and where each
// came from: flags take precedence over the environment, the environment over the profile,
// and the profile over defaults. It writes the configuration file atomically and privately.
// It does not prompt, print or open connections.
package config

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"github.com/bayworks/stockctl/internal/failure"
)

// The built-in profile, and defaults.
const (
	Sandbox        = "sandbox"
	defaultProfile = "default"
	DefaultBaseURL = "https://api.shopsynch.com"
	defaultTimeout = 30 * time.Second
)

// Inputs are the sources of settings.
type Inputs struct {
	Flags     *pflag.FlagSet              // the global flags; nil: none
	LookupEnv func(string) (string, bool) // nil: os.LookupEnv
	Now       func() time.Time            // nil: time.Now
	Keyring   Keyring                     // nil: the system's

	// Context ends reads of pipes and waits for the keyring; nil means never. It
	// is part of the inputs because settings are read on first use.
	Context     context.Context
	KeyringWait time.Duration // how long the keyring may take to respond; 0 means 3 s

	// To find other problems when the file is unusable.
	NoFile  bool // do not read the file
	AnyMode bool // allow a file with secrets that others can read
}

// Origin describes where a setting came from: "flag --base-url", "environment
// STOCKCTL_BASE_URL", "profile lagos", "default".
type Origin string

// Explicit reports whether the setting is only for this call: from a flag or the
// environment.
func (o Origin) Explicit() bool {
	return strings.HasPrefix(string(o), "flag ") || strings.HasPrefix(string(o), "environment ")
}

// Blame adds the origin of a wrong setting to an error.
func (s Setting) Blame(err error) error {
	if err == nil || s.Origin == "default" || s.Origin == "" {
		return err
	}
	return fmt.Errorf("%s: %w", s.Origin, err)
}

// refuseEmpty rejects empty variables that determine which store is written to, so that a
// job that lost its secret does not write to another store. It ignores variables that a
// flag overrides or that the sandbox does not use.
func (c *Config) refuseEmpty() error {
	for _, v := range []struct{ name, flag string }{
		{"STOCKCTL_PROFILE", "profile"}, {"STOCKCTL_BASE_URL", "base-url"}, {"STOCKCTL_TOKEN", ""}, {"STOCKCTL_MERCHANT_API_KEY", ""},
	} {
		text, set := c.in.LookupEnv(v.name)
		if !set || strings.TrimSpace(text) != "" || c.changed(v.flag) || c.IsSandbox() && v.flag != "profile" {
			continue
		}
		return failure.New(failure.Config, "%s is set but empty", v.name).
			Hint("set it to a value, or unset it: `unset %s`", v.name)
	}
	return nil
}

// Setting is a value with its origin.
type Setting struct {
	Value  string
	Origin Origin
}

// Config is the configuration of one run. Only Edit changes it.
type Config struct {
	in          Inputs
	path        string
	noPlace     error // why there is no path, if there is none
	file        *File
	profile     Setting
	layers      *viper.Viper
	timeout     time.Duration
	maxWait     time.Duration
	switches    map[string]bool
	noEdit      error                                 // why the file must not be written, or nil
	editWait    time.Duration                         // how long Edit waits for another Edit
	readKeyring func(Profile) (KeyringSecrets, error) // the contents of the keyring, read once
}

// Load reads the configuration. A missing file is treated as empty. A file that cannot be
// read, or that contains secrets and can be read by others, is an error of the kind Config.
// An invalid flag or environment variable is an error of the kind Usage.
func Load(in Inputs) (*Config, error) {
	if in.LookupEnv == nil {
		in.LookupEnv = os.LookupEnv
	}
	if in.Now == nil {
		in.Now = time.Now
	}
	if in.Keyring == nil {
		in.Keyring = systemKeyring{}
	}
	if in.Context == nil {
		in.Context = context.Background()
	}
	if in.KeyringWait <= 0 {
		in.KeyringWait = keyringWait
	}
	c := &Config{in: in, editWait: lockWait}
	c.readKeyring = c.readOnce()
	if c.changed("no-config") {
		if c.changed("config") {
			return nil, failure.Usagef("--config and --no-config cannot be used together")
		}
		c.in.NoFile, in.NoFile = true, true
		c.noEdit = failure.Usagef("--no-config leaves no file to write to").Hint("leave out --no-config")
	}
	var err error
	if c.path, err = c.findPath(); err != nil {
		return nil, err
	}
	c.file = &File{}
	if !in.NoFile {
		if c.file, err = readFile(in.Context, c.path, in.AnyMode); err != nil {
			return nil, err
		}
	}
	c.profile = c.chooseProfile()
	if err := c.refuseEmpty(); err != nil {
		return nil, err
	}
	if c.profile.Value != Sandbox {
		if err := CheckName(c.profile.Value); err != nil {
			if strings.HasPrefix(string(c.profile.Origin), "environment ") {
				err = c.profile.Blame(err)
			}
			return nil, err
		}
	} else if c.changed("base-url") {
		return nil, failure.Usagef("--base-url cannot be used with the sandbox, which runs inside stockctl").
			Hint("leave out --base-url, or choose another profile with --profile")
	}
	c.layers = c.layer()
	return c, c.parse()
}

// keys maps the flags of settings to their variables.
func keys() map[string]string {
	return map[string]string{
		"base-url": "STOCKCTL_BASE_URL", "warehouse": "STOCKCTL_WAREHOUSE", "output": "STOCKCTL_OUTPUT",
		"no-input": "STOCKCTL_NO_INPUT", "timeout": "STOCKCTL_TIMEOUT", "max-wait": "STOCKCTL_MAX_WAIT",
		"debug": "STOCKCTL_DEBUG", "allow-http": "STOCKCTL_ALLOW_HTTP",
		"color": "", "quiet": "",
	}
}

// layer combines defaults, profile, environment and flags, in increasing precedence.
func (c *Config) layer() *viper.Viper {
	v := viper.NewWithOptions(viper.KeyDelimiter("::"))
	v.SetDefault("base-url", DefaultBaseURL)
	v.SetDefault("color", "auto")
	below := map[string]any{}
	if p, ok := c.Find(c.Profile()); ok {
		for key, value := range map[string]string{"base-url": p.BaseURL, "warehouse": p.Warehouse, "output": p.Output} {
			if value != "" {
				below[key] = value
			}
		}
	}
	for key, variable := range keys() {
		if text := c.env(variable); text != "" {
			below[key] = text
		}
	}
	// This cannot fail for a map or a changed flag.
	if err := v.MergeConfigMap(below); err != nil {
		panic(err)
	}
	for key := range keys() {
		if c.changed(key) {
			if err := v.BindPFlag(key, c.in.Flags.Lookup(key)); err != nil {
				panic(err)
			}
		}
	}
	return v
}

// parse parses the settings that are not text, so that errors are reported before anything
// else is done.
func (c *Config) parse() error {
	c.switches = map[string]bool{}
	for _, key := range []string{"no-input", "debug", "allow-http", "quiet"} {
		text := c.layers.GetString(key)
		if text == "" {
			continue
		}
		on, ok := parseBool(text)
		if !ok {
			return failure.Usagef("%s must be true or false, not %q", c.name(key), text)
		}
		c.switches[key] = on
	}
	var err error
	if c.timeout, err = c.duration("timeout"); err != nil {
		return err
	}
	if c.maxWait, err = c.duration("max-wait"); err != nil {
		return err
	}
	if color := c.Color(); !slices.Contains([]string{"auto", "always", "never"}, color) {
		return failure.Usagef("--color must be auto, always or never, not %q", color)
	}
	return nil
}

// parseBool accepts the usual spellings of yes and no.
func parseBool(text string) (on, ok bool) {
	switch strings.ToLower(text) {
	case "1", "true", "t", "yes", "y", "on":
		return true, true
	case "0", "false", "f", "no", "n", "off":
		return false, true
	}
	return false, false
}

func (c *Config) duration(key string) (time.Duration, error) {
	text := c.layers.GetString(key)
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if _, number := strconv.ParseFloat(text, 64); err != nil && number == nil {
		return 0, failure.Usagef("%s needs a unit: write %ss for %s seconds", c.name(key), text, text)
	}
	if err != nil || d <= 0 {
		return 0, failure.Usagef("%s must be a duration above zero, such as 30s or 2m, not %q", c.name(key), text)
	}
	return d, nil
}

// name returns the name of a setting's source for messages.
func (c *Config) name(key string) string {
	if c.changed(key) {
		return "--" + key
	}
	return keys()[key]
}

func (c *Config) setting(key string) Setting {
	s := Setting{Value: c.layers.GetString(key), Origin: "default"}
	stored, _ := c.Find(c.Profile())
	inProfile := map[string]string{"base-url": stored.BaseURL, "warehouse": stored.Warehouse, "output": stored.Output}
	switch {
	case c.changed(key):
		s.Origin = Origin("flag --" + key)
	case c.env(keys()[key]) != "":
		s.Origin = Origin("environment " + keys()[key])
	case inProfile[key] != "":
		s.Origin = Origin("profile " + c.Profile())
	}
	return s
}

// env returns the value of a variable. An empty variable counts as unset.
func (c *Config) env(name string) string {
	if name == "" {
		return ""
	}
	text, _ := c.in.LookupEnv(name)
	return text
}

func (c *Config) changed(flag string) bool {
	if c.in.Flags == nil {
		return false
	}
	f := c.in.Flags.Lookup(flag)
	return f != nil && f.Changed
}

// Path returns the path of the configuration file, which may not exist. It is blank if
// the system has no folder for it: then nothing is read, and only Edit fails.
func (c *Config) Path() string { return c.path }

// BaseURL returns the unchecked base URL of the API. The sandbox has none.
func (c *Config) BaseURL() Setting {
	if c.IsSandbox() {
		return Setting{Origin: "built in"}
	}
	return c.setting("base-url")
}

// BaseURLOf returns the base URL of a stored profile. For the current profile, flags and
// the environment take precedence.
func (c *Config) BaseURLOf(profile string) string {
	if profile == c.Profile() {
		return c.BaseURL().Value
	}
	if p, _ := c.Find(profile); p.BaseURL != "" {
		return p.BaseURL
	}
	return DefaultBaseURL
}

// Warehouse returns the default warehouse of commands, or blank.
func (c *Config) Warehouse() Setting { return c.setting("warehouse") }

// Output returns the output format; blank means the default.
func (c *Config) Output() Setting { return c.setting("output") }

// Confirm reports whether the profile requires confirmation of every write.
func (c *Config) Confirm() bool {
	p, _ := c.Find(c.Profile())
	return p.Confirm
}

// Timeout returns the timeout of a request, which is positive.
func (c *Config) Timeout() time.Duration {
	if c.timeout == 0 {
		return defaultTimeout
	}
	return c.timeout
}

// MaxWait returns how long to wait for a busy API, and whether it was set.
func (c *Config) MaxWait() (wait time.Duration, set bool) { return c.maxWait, c.maxWait > 0 }

// Debug reports whether requests and responses are shown.
func (c *Config) Debug() bool { return c.switches["debug"] }

// Quiet reports whether nothing but results and errors is printed.
func (c *Config) Quiet() bool { return c.switches["quiet"] }

// AllowHTTP reports whether plain http to other machines is allowed.
func (c *Config) AllowHTTP() bool { return c.switches["allow-http"] }

// Color returns auto, always or never.
func (c *Config) Color() string { return c.layers.GetString("color") }

// NoInput reports whether prompts are disabled, by flag, by variable, or because CI is
// set.
func (c *Config) NoInput() bool {
	if _, said := c.switches["no-input"]; said {
		return c.switches["no-input"]
	}
	ci := strings.ToLower(c.env("CI"))
	return ci != "" && ci != "0" && ci != "false"
}
