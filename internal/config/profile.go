package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
)

// Profile is a named set of settings and secrets in the file.
type Profile struct {
	Name           string
	BaseURL        string
	Warehouse      string
	Output         string
	Email          string
	MerchantAPIKey string `json:"-"`
	Token          string `json:"-"`
	Store          string // "keyring" if the key and token are there; blank if they are in the file
	TokenExpires   time.Time
	Confirm        bool // confirm every write
}

// HasSecret reports whether the profile has a key or a token in the file.
func (p Profile) HasSecret() bool { return p.MerchantAPIKey != "" || p.Token != "" }

// text returns pointers to the text settings by their keys in the file.
func (p *Profile) text() map[string]*string {
	return map[string]*string{
		"base-url": &p.BaseURL, "warehouse": &p.Warehouse, "output": &p.Output,
		"email": &p.Email, "merchant-api-key": &p.MerchantAPIKey, "token": &p.Token, "store": &p.Store,
	}
}

// Format writes "profile NAME" for every verb, so that %+v cannot reveal the secrets.
func (p Profile) Format(w fmt.State, _ rune) { fmt.Fprintf(w, "profile %s", p.Name) }

// nameRule describes namePattern.
const nameRule = "use at most 63 lower-case letters, digits, - and _, beginning with a letter or digit"

var namePattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`) })

// CheckName returns an error if a profile with this name cannot be stored. Names are lower
// case so that they are distinct on every file system.
func CheckName(name string) error {
	switch {
	case name == Sandbox:
		return failure.Usagef("the profile sandbox is built in and cannot be stored, changed or deleted")
	case !namePattern().MatchString(name):
		return failure.Usagef("invalid profile name %q: %s", name, nameRule)
	}
	return nil
}

// chooseProfile returns the profile from the flag, the environment or the file, or
// "default".
func (c *Config) chooseProfile() Setting {
	switch {
	case c.changed("profile"):
		return Setting{c.in.Flags.Lookup("profile").Value.String(), "flag --profile"}
	case c.env("STOCKCTL_PROFILE") != "":
		return Setting{c.env("STOCKCTL_PROFILE"), "environment STOCKCTL_PROFILE"}
	case c.file.Current != "":
		return Setting{c.file.Current, Origin(c.path)}
	}
	return Setting{defaultProfile, "default"}
}

// Profile returns the name of the current profile, which may not exist: see RequireProfile.
func (c *Config) Profile() string { return c.profile.Value }

// IsSandbox reports whether the current profile is the built-in one.
func (c *Config) IsSandbox() bool { return c.Profile() == Sandbox }

// Find returns a stored profile.
func (c *Config) Find(name string) (Profile, bool) {
	p, ok := c.file.Profiles[name]
	if !ok || p == nil {
		return Profile{}, ok
	}
	found := *p
	found.Name = name
	return found, true
}

// Profiles returns the stored profiles sorted by name, without the sandbox.
func (c *Config) Profiles() []Profile {
	var out []Profile
	for _, name := range slices.Sorted(maps.Keys(c.file.Profiles)) {
		p, _ := c.Find(name)
		p.Name = name
		out = append(out, p)
	}
	return out
}

// RequireProfile returns an error of the kind Config if the current profile does not exist.
// The default profile always exists, at least empty.
func (c *Config) RequireProfile() error { return c.Known(c.Profile()) }

// Known returns an error of the kind Config if no profile has this name.
func (c *Config) Known(name string) error {
	if _, ok := c.Find(name); ok || name == Sandbox || name == defaultProfile {
		return nil
	}
	return c.Unknown(name)
}

// Unknown returns the error for a profile that does not exist.
func (c *Config) Unknown(name string) error {
	place := c.path
	if place == "" {
		place = "the configuration, which has no file"
	}
	from := ""
	if o := c.profile.Origin; c.Profile() == name && strings.HasPrefix(string(o), "environment ") {
		from = fmt.Sprintf(" (%s)", o)
	}
	err := failure.New(failure.Config, "no profile %q in %s%s", name, place, from)
	names := append(slices.Sorted(maps.Keys(c.file.Profiles)), Sandbox)
	if near := failure.Nearest(name, names); len(near) > 0 {
		return err.Hint("did you mean %s?", failure.OneOf(near))
	}
	return err.Hint("see `stockctl profile list`; `stockctl profile set %s` creates it", failure.Arg(name))
}
