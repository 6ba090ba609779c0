package config

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/bayworks/stockctl/internal/failure"
)

// settings returns the keys of a profile in the file.
func settings() []string {
	return []string{"base-url", "warehouse", "output", "email", "merchant-api-key", "token", "store", "token-expires", "confirm"}
}

// decoder decodes a configuration file. Its messages never quote the file, which may
// contain secrets anywhere.
type decoder struct {
	path string
	hint string
	// valid judges the setting of a profile; nil accepts any value.
	valid func(key, value string) error
}

// decode decodes the YAML strictly. Scalars are used as written: the library would
// convert a key 012345 to 5349.
func decode(path string, text []byte) (*File, error) {
	return decoder{path: path, hint: "fix the file with `stockctl profile edit`, or move it away and run `stockctl auth login`"}.decode(text)
}

func (d decoder) decode(text []byte) (*File, error) {
	f := &File{}
	document, err := d.parse(bytes.TrimPrefix(text, []byte("\ufeff")))
	if err != nil || document == nil {
		return f, err
	}
	err = d.mapping(document.Content[0], "the file", func(key string, at, value *yaml.Node) (err error) {
		switch key {
		case "current":
			f.currentAt = *value
			f.Current, err = d.text(key, value)
			if err == nil && f.Current != "" && f.Current != Sandbox && !namePattern().MatchString(f.Current) {
				err = d.fail(value, "current must name a profile: "+nameRule)
			}
		case "profiles":
			err = d.profiles(f, value)
		default:
			err = d.unknown(at, key, []string{"current", "profiles"}, "the file can have current and profiles")
		}
		return err
	})
	return f, err
}

func (d decoder) profiles(f *File, node *yaml.Node) error {
	return d.mapping(node, "profiles", func(name string, at, value *yaml.Node) error {
		switch {
		case name == Sandbox:
			return d.fail(at, "the profile sandbox is built in and cannot be stored, changed or deleted")
		case !namePattern().MatchString(name):
			return d.fail(at, "invalid profile name: "+nameRule)
		}
		return d.profile(f.Profile(name), value)
	})
}

func (d decoder) profile(p *Profile, node *yaml.Node) error {
	return d.mapping(node, "a profile", func(key string, at, value *yaml.Node) (err error) {
		switch key {
		case "token-expires":
			p.TokenExpires, err = d.time(key, value)
			return err
		case "confirm":
			p.Confirm, err = d.yesNo(key, value)
			return err
		}
		to := p.text()[key]
		if to == nil {
			known, last := settings(), len(settings())-1
			return d.unknown(at, key, known, "a profile can have "+strings.Join(known[:last], ", ")+" and "+known[last])
		}
		if *to, err = d.text(key, value); err != nil {
			return err
		}
		if key == "base-url" && p.BaseURL == "" { // not the default: the real API
			return d.fail(value, "base-url is blank: give the URL, or remove the line for the default")
		}
		if key == "store" && p.Store != "" && p.Store != StoreKeyring && p.Store != StoreFile {
			return d.fail(value, "store must be keyring or file")
		}
		if (key == "token" || key == "merchant-api-key") && isPlaceholder(*to) {
			return d.fail(value, key+" is a placeholder that `stockctl profile edit` showed, not a secret")
		}
		if d.valid != nil && *to != "" {
			if err := d.valid(key, *to); err != nil {
				return failure.WithHint(d.fail(value, key+": "+err.Error()), "%s", failure.HintOf(err))
			}
		}
		return nil
	})
}

func isNull(node *yaml.Node) bool { return node.Kind == yaml.ScalarNode && node.Tag == "!!null" }

// mapping calls each with the keys of a mapping, which must be unique. A missing value is an
// empty mapping.
func (d decoder) mapping(node *yaml.Node, what string, each func(key string, at, value *yaml.Node) error) error {
	if isNull(node) {
		return nil
	}
	if node.Kind != yaml.MappingNode {
		return d.fail(node, what+" must be a mapping of keys to values")
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		if key.Kind != yaml.ScalarNode {
			return d.fail(key, "a key must be plain text")
		}
		if seen[key.Value] {
			return d.fail(key, "duplicate setting")
		}
		seen[key.Value] = true
		if err := each(key.Value, key, node.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// text returns a scalar as written, or blank if there is none.
func (d decoder) text(key string, node *yaml.Node) (string, error) {
	switch {
	case isNull(node):
		return "", nil
	case node.Kind != yaml.ScalarNode:
		return "", d.fail(node, key+" must be text")
	case !isLine(node.Value):
		return "", d.fail(node, key+" "+notLine)
	}
	return node.Value, nil
}

func (d decoder) yesNo(key string, node *yaml.Node) (bool, error) {
	text, err := d.text(key, node)
	if text == "" || err != nil {
		return false, err
	}
	on, ok := parseBool(text)
	if !ok {
		return false, d.fail(node, key+" must be true or false")
	}
	return on, nil
}

func (d decoder) time(key string, node *yaml.Node) (time.Time, error) {
	text, err := d.text(key, node)
	if text == "" || err != nil {
		return time.Time{}, err
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, d.fail(node, key+" must be a time such as 2026-11-24T08:00:00Z")
	}
	return at, nil
}

func (d decoder) unknown(at *yaml.Node, key string, known []string, what string) error {
	err := d.fail(at, "unknown setting: "+what)
	if near := failure.Nearest(key, known); len(near) > 0 {
		return err.Hint("did you mean %s?", failure.OneOf(near))
	}
	return err
}

// fail returns an error for a mistake at a node.
func (d decoder) fail(at *yaml.Node, what string) *failure.Error {
	return d.failAt(at.Line, at.Column, what)
}

// failAt returns an error for a mistake at a position; line 0 means the whole file.
func (d decoder) failAt(line, column int, what string) *failure.Error {
	where := d.path
	if line > 0 {
		where = fmt.Sprintf("%s:%d:%d", d.path, line, column)
	}
	return failure.New(failure.Config, "%s: %s", where, what).Hint("%s", d.hint)
}
