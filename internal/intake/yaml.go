package intake

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxExpanded is the most values that aliases expand to, counted each time they are used.
const maxExpanded = 1_000_000

// yaml reads a text of one or several YAML documents. Each is parsed separately:
// anchors end with their document, and a mistake in one document does not hide those in
// the next.
func (g *gatherer) yaml(text []byte) {
	y := &yamlReader{g: g, lines: bytes.Split(text, []byte{'\n'})}
	documents := y.documents()
	for _, d := range documents {
		y.document(d, len(documents) == 1)
		if y.gaveUp || g.full() {
			return
		}
	}
}

// lineRange is a part of a file: from is inclusive, to is exclusive; both count from 0.
type lineRange struct{ from, to int }

// documents splits a file at its markers, --- and ..., which YAML does not allow inside
// values. It leaves out empty documents.
func (y *yamlReader) documents() []lineRange {
	var out []lineRange
	start, filled := 0, false
	end := func(next int) {
		if filled {
			out = append(out, lineRange{start, next})
		}
		start, filled = next, false
	}
	for i, line := range y.lines {
		content := bytes.TrimSpace(line)
		switch {
		case isMarker(line, "---"):
			end(i)
			rest := bytes.TrimSpace(content[len("---"):])
			filled = len(rest) > 0 && rest[0] != '#'
		case isMarker(line, "..."):
			end(i + 1)
			y.lines[i] = nil
		case !filled && len(line) > 0 && line[0] == '%':
			y.directive(i, line)
		case len(content) > 0 && content[0] != '#':
			filled = true
		}
	}
	end(len(y.lines))
	return out
}

func isMarker(line []byte, marker string) bool {
	rest, ok := bytes.CutPrefix(line, []byte(marker))
	return ok && (len(rest) == 0 || rest[0] == ' ' || rest[0] == '\t')
}

// directive blanks a %YAML line, which has no effect, and rejects other directives.
func (y *yamlReader) directive(line int, text []byte) {
	name, _, _ := strings.Cut(string(text[1:]), " ")
	if name != "YAML" {
		y.g.fail(Pos{y.g.file, line + 1, 1}, "unknown directive %%%s: remove the line", clip(name))
	}
	y.lines[line] = nil
}

// document reads one document. If it cannot be parsed, the items of its list are parsed
// one by one, so that the mistake in each is reported.
func (y *yamlReader) document(part lineRange, only bool) {
	y.anchors = map[*yaml.Node]anchored{}
	root, fault := y.parse(part)
	if fault == nil {
		v, _ := y.value(root, 1)
		if !y.gaveUp {
			y.g.add(v, only)
		}
		return
	}
	before := len(y.g.problems.List)
	for _, item := range y.items(part) {
		root, fault := y.parse(item)
		switch {
		case fault == nil:
			v, _ := y.value(root, 1)
			y.g.add(v, false)
		case !fault.anchor: // anchors may be set in another item
			y.g.fail(fault.at, "%s", fault.what)
		}
		if y.gaveUp || y.g.full() {
			return
		}
	}
	if len(y.g.problems.List) == before {
		y.g.fail(fault.at, "%s", fault.what)
	}
}

// items splits a list into its items, which begin with dashes in one column. Anything
// else is one item.
func (y *yamlReader) items(part lineRange) []lineRange {
	var starts []int
	column := -1
	for i := part.from; i < part.to; i++ {
		content := bytes.TrimLeft(y.lines[i], " ")
		at := len(y.lines[i]) - len(content)
		dash := isMarker(content, "-")
		switch {
		case len(content) == 0 || content[0] == '#' || isMarker(content, "---"):
		case column < 0 && !dash:
			return []lineRange{part}
		case column < 0:
			column = at
			starts = append(starts, part.from)
		case dash && at == column:
			starts = append(starts, i)
		}
	}
	var out []lineRange
	for i, from := range starts {
		to := part.to
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		out = append(out, lineRange{from, to})
	}
	return out
}

// yamlReader converts the nodes of YAML documents to values.
type yamlReader struct {
	g        *gatherer
	lines    [][]byte
	anchors  map[*yaml.Node]anchored
	expanded int
	gaveUp   bool // the file exceeds a bound, which was reported
}

// shape is the size of a value with its aliases expanded.
type shape struct{ nodes, height int }

func (s *shape) hold(inner shape) {
	s.nodes += inner.nodes
	s.height = max(s.height, inner.height+1)
}

type anchored struct {
	value Value
	shape shape
}

func (y *yamlReader) giveUp(at Pos, format string, args ...any) (Value, shape) {
	if !y.gaveUp {
		y.g.fail(at, format, args...)
	}
	y.gaveUp = true
	return Value{Pos: at}, shape{nodes: 1}
}

// at returns the place of a node. The library sees a value that is missing at the end of
// the file on the line after it.
func (y *yamlReader) at(n *yaml.Node) Pos {
	if last := len(y.lines) - 1; n.Line > last+1 {
		return y.position(last, len(y.lines[last]))
	}
	return Pos{y.g.file, n.Line, n.Column}
}

func (y *yamlReader) value(n *yaml.Node, depth int) (Value, shape) {
	var v Value
	var size shape
	switch n.Kind {
	case yaml.MappingNode:
		v, size = y.mapping(n, depth)
	case yaml.SequenceNode:
		v, size = y.sequence(n, depth)
	case yaml.AliasNode:
		return y.alias(n, depth)
	default:
		v, size = y.scalar(n), shape{nodes: 1}
	}
	if n.Style&yaml.TaggedStyle != 0 {
		v = y.tagged(n, v)
	}
	if n.Anchor != "" {
		y.anchors[n] = anchored{v, size}
	}
	return v, size
}

func (y *yamlReader) sequence(n *yaml.Node, depth int) (Value, shape) {
	v, size := Value{Type: List, Pos: y.at(n)}, shape{nodes: 1}
	if depth > maxDepth {
		return y.giveUp(v.Pos, "is nested more than %d deep", maxDepth)
	}
	for _, item := range n.Content {
		inner, innerSize := y.value(item, depth+1)
		v.Items = append(v.Items, inner)
		size.hold(innerSize)
	}
	return v, size
}

func (y *yamlReader) mapping(n *yaml.Node, depth int) (Value, shape) {
	v, size := Value{Type: Map, Pos: y.at(n)}, shape{nodes: 1}
	if depth > maxDepth {
		return y.giveUp(v.Pos, "is nested more than %d deep", maxDepth)
	}
	seen := keys{}
	var merged []Field
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, keyAt, ok := y.key(n.Content[i])
		inner, innerSize := y.value(n.Content[i+1], depth+1)
		size.hold(innerSize)
		if !ok {
			continue
		}
		if first, ok := seen.add(name, keyAt); !ok {
			y.g.twice(name, first, keyAt)
			continue
		}
		if n.Content[i].Tag == "!!merge" {
			merged = y.merge(merged, inner)
			continue
		}
		v.Fields = append(v.Fields, Field{Name: name, Pos: keyAt, Value: inner})
	}
	for _, f := range merged {
		// The mapping's own fields take precedence over merged ones.
		if _, ok := seen.add(f.Name, f.Pos); ok {
			v.Fields = append(v.Fields, f)
		}
	}
	return v, size
}

// key reads the name of an entry, which must be a scalar.
func (y *yamlReader) key(n *yaml.Node) (name string, at Pos, ok bool) {
	if n.Kind == yaml.AliasNode && n.Alias.Kind == yaml.ScalarNode || n.Kind == yaml.ScalarNode {
		v, _ := y.value(n, maxDepth)
		return v.Text, v.Pos, true
	}
	y.g.fail(y.at(n), "a key must be text")
	return "", y.at(n), false
}

// alias returns the value of an anchor. The position of that value is the alias's, so
// that two records from the same anchor differ. The values inside keep their positions.
func (y *yamlReader) alias(n *yaml.Node, depth int) (Value, shape) {
	at := y.at(n)
	a, ok := y.anchors[n.Alias]
	if !ok {
		y.g.fail(at, "*%s refers to itself", clip(n.Value))
		return Value{Pos: at}, shape{nodes: 1}
	}
	y.expanded += a.shape.nodes
	if y.expanded > maxExpanded {
		return y.giveUp(at, "the aliases of this file expand to more than %d values", maxExpanded)
	}
	if depth+a.shape.height > maxDepth {
		return y.giveUp(at, "is nested more than %d deep", maxDepth)
	}
	a.value.Pos = at
	return a.value, a.shape
}

// merge adds the fields of a << entry: those of a mapping, or of each mapping in a list.
// Earlier mappings take precedence.
func (y *yamlReader) merge(fields []Field, from Value) []Field {
	if from.Type == Map {
		return append(fields, from.Fields...)
	}
	sources := from.Items
	if from.Type != List {
		sources = []Value{from}
	}
	for _, one := range sources {
		if one.Type != Map {
			y.g.fail(one.Pos, "<< takes a mapping or a list of mappings, not %s", one.Type)
			continue
		}
		fields = append(fields, one.Fields...)
	}
	return fields
}
