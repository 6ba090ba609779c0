package config

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// blankMark replaces blank lines while a file is changed, because the library preserves
// comments but not blank lines.
const blankMark = "#\u00b6"

// rewrite returns the original text with the changes of the file. If the text has only
// comments, they stay at the top.
func (f *File) rewrite() ([]byte, error) {
	text := markBlanks(bytes.ReplaceAll(bytes.TrimPrefix(f.written, []byte("\ufeff")), []byte("\r\n"), []byte("\n")))
	document, _, err := documents(text)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if document == nil {
		document = &yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode}}}
		if out.Write(text); len(text) > 0 && text[len(text)-1] != '\n' {
			out.WriteByte('\n')
		}
	}
	root := document.Content[0]
	set(root, "current", f.Current, "!!str")
	f.setProfiles(root)
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(indent(root))
	if err := encoder.Encode(document); err != nil {
		return nil, err
	}
	text = unmarkBlanks(out.Bytes())
	if bytes.Contains(f.written, []byte("\r\n")) {
		text = bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
	}
	return text, encoder.Close()
}

func (f *File) setProfiles(root *yaml.Node) {
	if len(f.Profiles) == 0 && find(root, "profiles") == nil {
		return
	}
	profiles := child(root, "profiles")
	profiles.Content = without(profiles.Content, func(name string) bool { return !has(f.Profiles, name) })
	for _, name := range slices.Sorted(maps.Keys(f.Profiles)) {
		to, p := child(profiles, name), f.Profiles[name]
		if p == nil {
			p = &Profile{}
		}
		texts := p.text()
		for _, key := range settings() {
			if text := texts[key]; text != nil {
				set(to, key, *text, "!!str")
			}
		}
		setTime(to, "token-expires", p.TokenExpires)
		setBool(to, "confirm", p.Confirm)
	}
}

func has(profiles map[string]*Profile, name string) bool { _, is := profiles[name]; return is }

// find returns the value of a key in a mapping, or nil.
func find(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

// child returns the mapping at a key. It is created if it does not exist.
func child(mapping *yaml.Node, key string) *yaml.Node {
	value := find(mapping, key)
	if value == nil {
		value = add(mapping, key)
	}
	if value.Kind != yaml.MappingNode {
		value.Kind, value.Tag, value.Value, value.Style = yaml.MappingNode, "!!map", "", 0
	}
	return value
}

func add(mapping *yaml.Node, key string) *yaml.Node {
	if mapping.Kind != yaml.MappingNode || len(mapping.Content) == 0 {
		mapping.Kind, mapping.Tag, mapping.Value, mapping.Style = yaml.MappingNode, "!!map", "", 0
	}
	value := &yaml.Node{Kind: yaml.ScalarNode}
	mapping.Content = append(mapping.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, value)
	return value
}

// set sets a key to a text. A blank text removes the key. An equal value keeps its spelling.
func set(mapping *yaml.Node, key, text, tag string) {
	value := find(mapping, key)
	switch {
	case text == "":
		if value != nil && !isNull(value) && value.Value != "" {
			remove(mapping, key)
		}
		return
	case value == nil:
		value = add(mapping, key)
	case value.Value == text && !isNull(value):
		return
	}
	value.Tag, value.Value = tag, text
}

// remove removes a setting, but not the comment above it, which may be about the whole
// file.
func remove(mapping *yaml.Node, key string) {
	i := slices.IndexFunc(mapping.Content, func(n *yaml.Node) bool { return n.Value == key })
	above := mapping.Content[i].HeadComment
	mapping.Content = slices.Delete(mapping.Content, i, i+2)
	if i < len(mapping.Content) && above != "" {
		next := mapping.Content[i]
		next.HeadComment = strings.TrimSuffix(above+"\n"+next.HeadComment, "\n")
	}
}

func setTime(mapping *yaml.Node, key string, at time.Time) {
	if at.IsZero() {
		set(mapping, key, "", "")
		return
	}
	if value := find(mapping, key); value != nil {
		if old, err := time.Parse(time.RFC3339, value.Value); err == nil && old.Equal(at) {
			return
		}
	}
	set(mapping, key, at.Format(time.RFC3339Nano), "!!timestamp")
}

func setBool(mapping *yaml.Node, key string, on bool) {
	value := find(mapping, key)
	if value != nil {
		if old, ok := parseBool(value.Value); old == on && ok {
			return
		}
	}
	if on {
		set(mapping, key, "true", "!!bool")
	} else {
		set(mapping, key, "", "")
	}
}

// without returns the content without the keys that drop selects, and their values.
func without(content []*yaml.Node, drop func(name string) bool) []*yaml.Node {
	var out []*yaml.Node
	for i := 0; i+1 < len(content); i += 2 {
		if !drop(content[i].Value) {
			out = append(out, content[i], content[i+1])
		}
	}
	return out
}

// indent returns the indentation that the file uses.
func indent(root *yaml.Node) int {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if inner := root.Content[i+1]; inner.Kind == yaml.MappingNode && inner.Style&yaml.FlowStyle == 0 && len(inner.Content) > 0 && inner.Line > root.Content[i].Line {
			return max(inner.Column-root.Content[i].Column, 2)
		}
	}
	return 2
}

// markBlanks turns blank lines into comments, indented like the next line.
func markBlanks(text []byte) []byte {
	lines := bytes.SplitAfter(text, []byte("\n"))
	var before []byte
	for i := len(lines) - 1; i >= 0; i-- {
		if content := bytes.TrimLeft(lines[i], " "); len(bytes.TrimSpace(content)) > 0 {
			before = lines[i][:len(lines[i])-len(content)]
		} else if bytes.HasSuffix(lines[i], []byte("\n")) {
			lines[i] = slices.Concat(before, []byte(blankMark+"\n"))
		}
	}
	return bytes.Join(lines, nil)
}

func unmarkBlanks(text []byte) []byte {
	lines := bytes.SplitAfter(text, []byte("\n"))
	for i, line := range lines {
		if string(bytes.TrimSpace(line)) == blankMark {
			lines[i] = []byte("\n")
		}
	}
	return bytes.Join(lines, nil)
}
