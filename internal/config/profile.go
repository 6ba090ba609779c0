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

// Profile is a named set of settings and secrets, as the file keeps it.
type Profile struct {
	Name           string
	BaseURL        string
	Warehouse      string
	Output         string
	Email          string
	MerchantAPIKey string `json:"-"`
	Token          string `json:"-"`
	Store          string // where key and token are: "keyring"; blank: in the file
	TokenExpires   time.Time
	Confirm        bool // ask before every write
}

// HasSecret tells whether the profile keeps a key or a token in the file.
func (p Profile) HasSecret() bool { return p.MerchantAPIKey != "" || p.Token != "" }

// text returns the settings that are text by their keys in the file, to be read
// and to be filled.
func (p *Profile) text() map[string]*string {
	return map[string]*string{
		"base-url": &p.BaseURL, "warehouse": &p.Warehouse, "output": &p.Output,
		"email": &p.Email, "merchant-api-key": &p.MerchantAPIKey, "token": &p.Token, "store": &p.Store,
	}
}

// Format writes "profile NAME" for every verb: the secrets among the fields must
// not reach a message by way of %+v.
func (p Profile) Format(w fmt.State, _ rune) { fmt.Fprintf(w, "profile %s", p.Name) }

// nameRule says what namePattern takes.
const nameRule = "use lower-case letters, digits, - and _, at most 63, beginning with a letter or digit"

var namePattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`) })

// CheckName tells whether a profile of this name can be stored. Names are lower
// case so that they mean the same on every system.
func CheckName(name string) error {
	switch {
	case name == Sandbox:
		return failure.Usagef("the profile sandbox is built in: it cannot be stored, changed or deleted")
	case !namePattern().MatchString(name):
		return failure.Usagef("%q is no profile name: %s", name, nameRule)
	}
	return nil
}

// chooseProfile takes the flag, the environment, the file's current one, or
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
	return Setting{DefaultProfile, "default"}
}

// Profile returns the name of the profile in use. It may not be stored: see
// RequireProfile.
func (c *Config) Profile() string { return c.profile.Value }

// IsSandbox tells whether the profile is the built-in one.
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

// Profiles returns the stored profiles by name; the sandbox is not among them.
func (c *Config) Profiles() []Profile {
	var out []Profile
	for _, name := range slices.Sorted(maps.Keys(c.file.Profiles)) {
		p, _ := c.Find(name)
		p.Name = name
		out = append(out, p)
	}
	return out
}

// RequireProfile is an error of the kind Config when the profile in use does
// not exist. The default one always does, with nothing in it.
func (c *Config) RequireProfile() error { return c.Known(c.Profile()) }

// Known is an error of the kind Config when there is no profile of the name.
func (c *Config) Known(name string) error {
	if _, ok := c.Find(name); ok || name == Sandbox || name == DefaultProfile {
		return nil
	}
	return c.Unknown(name)
}

// Unknown is the error for a profile that does not exist.
func (c *Config) Unknown(name string) error {
	place := c.path
	if place == "" {
		place = "the configuration, which has no place"
	}
	from := ""
	if o := c.profile.Origin; c.Profile() == name && strings.HasPrefix(string(o), "environment ") {
		from = fmt.Sprintf(" (%s)", o)
	}
	err := failure.New(failure.Config, "there is no profile %q in %s%s", name, place, from)
	names := append(slices.Sorted(maps.Keys(c.file.Profiles)), Sandbox)
	if near := failure.Nearest(name, names); len(near) > 0 {
		return err.Hint("did you mean %s?", failure.OneOf(near))
	}
	return err.Hint("see `stockctl profile list`; `stockctl profile set %s` makes it", failure.Arg(name))
}
