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

// parse returns the one document of the text; nil for none.
func (d decoder) parse(text []byte) (*yaml.Node, error) {
	if !utf8.Valid(text) {
		return nil, d.failAt(0, 0, "it is not the YAML of a configuration file")
	}
	root, more, err := documents(text)
	switch {
	case err != nil:
		line, column := broken(text)
		return nil, d.failAt(line, column, "the YAML is broken here")
	case more != nil:
		return nil, d.fail(more.Content[0], "a second document begins here: a configuration is one")
	case root == nil:
		return nil, nil
	}
	return root, d.plain(root)
}

// documents returns the first document of the text and the second; nil where there
// is none.
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

// undirected blanks a %YAML line at the top, which changes nothing here: the library
// knows version 1.1 only.
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

// broken finds where a text stops being YAML: the library's own messages quote the
// text, and often name another line. It is behind the longest beginning that can be
// read.
func broken(text []byte) (line, column int) {
	lines := bytes.SplitAfter(text, []byte("\n"))
	good := longest(len(lines), func(n int) []byte { return bytes.Join(lines[:n], nil) })
	before, last := bytes.Join(lines[:good], nil), bytes.Runes(lines[good])
	return good + 1, 1 + longest(len(last), func(n int) []byte { return slices.Concat(before, []byte(string(last[:n]))) })
}

// longest is the most parts, but not all of them, that can be read.
func longest(parts int, text func(n int) []byte) int {
	return max(sort.Search(parts, func(n int) bool {
		_, _, err := documents(text(n))
		return err != nil
	})-1, 0)
}

// plain refuses what a configuration never has.
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
	return d.fail(n, "only plain keys and values may stand here: no lists, anchors or tags")
}
