package config

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/bayworks/stockctl/internal/failure"
)

// settings are the keys of a profile in the file.
func settings() []string {
	return []string{"base-url", "warehouse", "output", "email", "merchant-api-key", "token", "store", "token-expires", "confirm"}
}

// decoder reads one configuration file. Its messages never quote the file,
// which may hold secrets anywhere.
type decoder struct{ path string }

// decode reads the YAML strictly. Scalars are taken as they are written: the
// library's own conversion to text makes 5349 of a key 012345.
func decode(path string, text []byte) (*File, error) {
	d := decoder{path}
	root, err := d.parse(bytes.TrimPrefix(text, []byte("\ufeff")))
	if err != nil {
		return nil, err
	}
	f := &File{}
	err = d.mapping(root, "the file", func(key string, at, value ast.Node) (err error) {
		switch key {
		case "current":
			f.Current, err = d.text(key, value)
			if err == nil && f.Current != "" && f.Current != Sandbox && !namePattern().MatchString(f.Current) {
				err = d.fail(value, "current must name a profile: "+nameRule)
			}
		case "profiles":
			err = d.profiles(f, value)
		default:
			err = d.unknown(at, key, []string{"current", "profiles"}, "the file has current and profiles")
		}
		return err
	})
	return f, err
}

func (d decoder) profiles(f *File, node ast.Node) error {
	return d.mapping(node, "profiles", func(name string, at, value ast.Node) error {
		switch {
		case name == Sandbox:
			return d.fail(at, "the profile sandbox is built in: it cannot be stored, changed or deleted")
		case !namePattern().MatchString(name):
			return d.fail(at, "this is no profile name: "+nameRule)
		}
		return d.profile(f.Profile(name), value)
	})
}

func (d decoder) profile(p *Profile, node ast.Node) error {
	return d.mapping(node, "a profile", func(key string, at, value ast.Node) (err error) {
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
			return d.unknown(at, key, known, "a profile has "+strings.Join(known[:last], ", ")+" and "+known[last])
		}
		if *to, err = d.text(key, value); key == "store" && err == nil && p.Store != "" && p.Store != StoreKeyring && p.Store != StoreFile {
			err = d.fail(value, "store must be keyring or file")
		}
		return err
	})
}

// mapping calls each with the keys of a mapping, none of them twice. No value
// at all is an empty mapping.
func (d decoder) mapping(node ast.Node, what string, each func(key string, at, value ast.Node) error) error {
	if node == nil || node.Type() == ast.NullType {
		return nil
	}
	m, ok := node.(*ast.MappingNode)
	if !ok {
		return d.fail(node, what+" must be a mapping of keys to values")
	}
	seen := map[string]bool{}
	for _, pair := range m.Values {
		key, ok := pair.Key.(ast.ScalarNode)
		if !ok || pair.Key.IsMergeKey() {
			return d.fail(pair.Key, "a key must be plain text")
		}
		name := key.GetToken().Value
		if seen[name] {
			return d.fail(key, "the setting is there twice")
		}
		seen[name] = true
		if err := each(name, key, pair.Value); err != nil {
			return err
		}
	}
	return nil
}

// text returns a scalar as it is written; none is blank.
func (d decoder) text(key string, node ast.Node) (string, error) {
	var value string
	switch n := node.(type) {
	case nil, *ast.NullNode:
	case *ast.LiteralNode:
		value = n.Value.Value
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		value = node.GetToken().Value
	default:
		return "", d.fail(node, key+" must be text")
	}
	if !isLine(value) {
		return "", d.fail(node, key+" "+notLine)
	}
	return value, nil
}

func (d decoder) yesNo(key string, node ast.Node) (bool, error) {
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

func (d decoder) time(key string, node ast.Node) (time.Time, error) {
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

func (d decoder) unknown(at ast.Node, key string, known []string, what string) error {
	err := d.fail(at, "there is no such setting: "+what)
	if near := failure.Nearest(key, known); len(near) > 0 {
		return err.Hint("did you mean %s?", failure.OneOf(near))
	}
	return err
}

// fail is the error for a mistake at a node.
func (d decoder) fail(at ast.Node, what string) *failure.Error { return d.failAt(at.GetToken(), what) }

// failAt is the error for a mistake at a token; nil stands for the whole file.
func (d decoder) failAt(at *token.Token, what string) *failure.Error {
	where := d.path
	if at != nil && at.Position != nil {
		where = fmt.Sprintf("%s:%d:%d", d.path, at.Position.Line, at.Position.Column)
	}
	return failure.New(failure.Config, "%s: %s", where, what).
		Hint("mend the file, or move it away and run `stockctl auth login`")
}
