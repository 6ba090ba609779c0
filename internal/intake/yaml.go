package intake

import (
	"bytes"
	"slices"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// maxExpanded bounds the values that aliases stand for, each counted as often
// as it is used.
const maxExpanded = 1_000_000

// yaml reads a text of one or several YAML documents.
func (g *gatherer) yaml(text []byte) {
	y := &yamlReader{g: g, lines: bytes.Split(text, []byte{'\n'})}
	documents := y.documents(y.tokens(string(text)))
	for _, tokens := range documents {
		y.document(tokens, len(documents) == 1)
	}
}

// document reads the tokens of one document. The items of a list are parsed one
// by one: then each can tell its own mistake, and the parser's cost, which is
// square in places, stays small.
func (y *yamlReader) document(tokens token.Tokens, only bool) {
	y.anchors = map[string]anchored{}
	for _, item := range listItems(tokens) {
		v, ok := y.part(item)
		if y.gaveUp || y.g.full() {
			return
		}
		if ok {
			y.g.add(v, only)
		}
	}
}

// part reads what can be parsed by itself: a document, or one item of its list.
func (y *yamlReader) part(tokens token.Tokens) (Value, bool) {
	body := y.parse(tokens)
	if body == nil {
		return Value{}, false
	}
	y.scalars = 0
	before := len(y.g.problems.List)
	v, _ := y.value(body, 1)
	if len(y.g.problems.List) == before && y.scalars != countScalars(tokens) {
		// The parser is known to pass over parts of odd input in silence.
		y.g.fail(v.Pos, "a part of this cannot be read as YAML: check its indentation")
	}
	sound := len(y.g.problems.List) == before
	return v, sound || v.Type == Map || v.Type == List
}

// listItems cuts the tokens of a list into those of its items. Anything else is
// one item.
func listItems(tokens token.Tokens) []token.Tokens {
	dash := slices.IndexFunc(tokens, func(tk *token.Token) bool { return tk.Type != token.DocumentHeaderType })
	if dash < 0 || tokens[dash].Type != token.SequenceEntryType {
		return []token.Tokens{tokens}
	}
	var items []token.Tokens
	start := 0
	for i := dash + 1; i < len(tokens); i++ {
		if tokens[i].Type == token.SequenceEntryType && tokens[i].Position.Column == tokens[dash].Position.Column {
			items = append(items, tokens[start:i])
			start = i
		}
	}
	return append(items, tokens[start:])
}

// yamlReader turns the nodes of YAML documents into values.
type yamlReader struct {
	g        *gatherer
	lines    [][]byte
	anchors  map[string]anchored
	scalars  int // how many tokens of the document became part of a value
	expanded int
	gaveUp   bool // the document goes past a bound; that was said
}

// shape is the size of a value with its aliases expanded.
type shape struct {
	nodes, height int
}

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

func (y *yamlReader) value(n ast.Node, depth int) (Value, shape) {
	switch n := n.(type) {
	case *ast.MappingNode:
		at := y.place(n.Start)
		if len(n.Values) > 0 && !n.IsFlowStyle {
			at = y.place(n.Values[0].Key.GetToken())
		}
		return y.mapping(at, n.Values, depth)
	case *ast.MappingValueNode:
		return y.mapping(y.place(n.Key.GetToken()), []*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		return y.sequence(n, depth)
	case *ast.AnchorNode:
		return y.anchor(n, depth)
	case *ast.AliasNode:
		return y.alias(n, depth)
	case *ast.TagNode:
		return y.tagged(n, depth)
	case nil:
		return Value{Pos: Pos{File: y.g.file, Line: 1, Column: 1}}, shape{nodes: 1}
	}
	return y.scalar(n), shape{nodes: 1}
}

func (y *yamlReader) sequence(n *ast.SequenceNode, depth int) (Value, shape) {
	v, size := Value{Type: List, Pos: y.place(n.Start)}, shape{nodes: 1}
	if depth > maxDepth {
		return y.giveUp(v.Pos, "is nested more than %d deep", maxDepth)
	}
	for _, item := range n.Values {
		inner, innerSize := y.value(item, depth+1)
		if !n.IsFlowStyle {
			y.within(item, n.Start, 1)
		}
		v.Items = append(v.Items, inner)
		size.hold(innerSize)
	}
	return v, size
}

func (y *yamlReader) mapping(at Pos, entries []*ast.MappingValueNode, depth int) (Value, shape) {
	v, size := Value{Type: Map, Pos: at}, shape{nodes: 1}
	if depth > maxDepth {
		return y.giveUp(at, "is nested more than %d deep", maxDepth)
	}
	seen := keys{}
	var merged []Field
	for _, e := range entries {
		name, keyAt, ok := y.key(e.Key)
		inner, innerSize := y.value(e.Value, depth+1)
		size.hold(innerSize)
		y.within(e.Value, e.Key.GetToken(), 0)
		if !ok {
			continue
		}
		if first, ok := seen.add(name, keyAt); !ok {
			y.g.twice(name, first, keyAt)
			continue
		}
		if e.Key.IsMergeKey() {
			merged = y.merge(merged, inner)
			continue
		}
		v.Fields = append(v.Fields, Field{Name: name, Pos: keyAt, Value: inner})
	}
	for _, f := range merged {
		// What the mapping says itself wins over what it merges.
		if _, ok := seen.add(f.Name, f.Pos); ok {
			v.Fields = append(v.Fields, f)
		}
	}
	return v, size
}

// within makes sure that a block value is indented deeper than what it belongs
// to, by at least one column, or none for the list of a key. After an empty
// entry the parser takes what follows for its value, however it is indented.
func (y *yamlReader) within(n ast.Node, owner *token.Token, least int) {
	var first *token.Token
	switch n := n.(type) {
	case *ast.MappingNode:
		if n.IsFlowStyle || len(n.Values) == 0 {
			return
		}
		first, least = n.Values[0].Key.GetToken(), 1
	case *ast.SequenceNode:
		if n.IsFlowStyle {
			return
		}
		first = n.Start
	default:
		return
	}
	if first.Position.Column < owner.Position.Column+least {
		y.g.fail(y.place(first), "does not fit here: check its indentation")
	}
}

// key reads the name of an entry. Only a scalar can be one.
func (y *yamlReader) key(n ast.Node) (name string, at Pos, ok bool) {
	at = y.place(n.GetToken())
	switch k := n.(type) {
	case *ast.MappingKeyNode:
		if k.Value != nil {
			return y.key(k.Value)
		}
	case *ast.MergeKeyNode:
		y.scalars++
		return "<<", at, true
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		v, _ := y.value(n, maxDepth)
		if v.Type != Map && v.Type != List {
			return v.Text, at, true
		}
	case *ast.MappingNode, *ast.SequenceNode, *ast.MappingValueNode:
	default:
		return y.scalar(n).Text, at, true
	}
	y.g.fail(at, "a key must be text")
	return "", at, false
}
