package config

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"sort"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// parse returns the only document of the text, or nil if there is none.
func (d decoder) parse(text []byte) (*yaml.Node, error) {
	if !utf8.Valid(text) {
		return nil, d.failAt(0, 0, "this is not a YAML configuration file")
	}
	root, more, err := documents(text)
	switch {
	case err != nil:
		line, column := broken(text)
		return nil, d.failAt(line, column, "invalid YAML")
	case more != nil:
		return nil, d.fail(more.Content[0], "a second YAML document begins here: only one is allowed")
	case root == nil:
		return nil, nil
	}
	return root, d.plain(root)
}

// documents returns the first and the second document of the text, or nil for those that do
// not exist.
func documents(text []byte) (first, second *yaml.Node, err error) {
	in := yaml.NewDecoder(bytes.NewReader(undirected(text)))
	for _, next := range []**yaml.Node{&first, &second} {
		var n yaml.Node
		err := in.Decode(&n)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		*next = &n
	}
	return first, second, nil
}

// undirected blanks out a %YAML directive at the top, because the library supports only
// version 1.1.
func undirected(text []byte) []byte {
	if !bytes.HasPrefix(text, []byte("%YAML ")) {
		return text
	}
	end := bytes.IndexByte(text, '\n')
	if end < 0 {
		end = len(text)
	}
	return slices.Concat([]byte("#"), text[1:end], text[end:])
}

// broken finds the position where a text stops being valid YAML: after the longest prefix
// that can be parsed. The library's own messages quote the text and often have another line.
func broken(text []byte) (line, column int) {
	lines := bytes.SplitAfter(text, []byte("\n"))
	good := longest(len(lines), func(n int) []byte { return bytes.Join(lines[:n], nil) })
	before, last := bytes.Join(lines[:good], nil), bytes.Runes(lines[good])
	return good + 1, 1 + longest(len(last), func(n int) []byte { return slices.Concat(before, []byte(string(last[:n]))) })
}

// longest returns the largest number of parts, but not all of them, that can be parsed.
func longest(parts int, text func(n int) []byte) int {
	return max(sort.Search(parts, func(n int) bool {
		_, _, err := documents(text(n))
		return err != nil
	})-1, 0)
}

// plain rejects YAML features that a configuration does not use.
func (d decoder) plain(n *yaml.Node) error {
	if n.Kind == yaml.SequenceNode || n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		return d.notPlain(n)
	}
	for i, inner := range n.Content {
		if inner.Tag == "!!merge" && n.Kind == yaml.MappingNode && i%2 == 0 {
			return d.notPlain(inner)
		}
		if err := d.plain(inner); err != nil {
			return err
		}
	}
	return nil
}

func (d decoder) notPlain(n *yaml.Node) error {
	return d.fail(n, "only plain keys and values are allowed: no lists, anchors or tags")
}
