package intake

import (
	"github.com/goccy/go-yaml/ast"
)

// anchor reads a value and keeps it under its name. The name is known only
// after the value, so that a value cannot hold itself.
func (y *yamlReader) anchor(n *ast.AnchorNode, depth int) (Value, shape) {
	y.scalars++
	v, size := y.value(n.Value, depth)
	y.anchors[n.Name.GetToken().Value] = anchored{v, size}
	return v, size
}

// alias puts a value that was read before in its place. The value stands where
// the alias does, so that two records made from one anchor can be told apart;
// what is inside it stands where it was written.
func (y *yamlReader) alias(n *ast.AliasNode, depth int) (Value, shape) {
	at, name := y.place(n.Start), n.Value.GetToken().Value
	y.scalars++
	a, ok := y.anchors[name]
	if !ok {
		y.g.fail(at, "no anchor &%s stands before this", clip(name))
		return Value{Pos: at}, shape{nodes: 1}
	}
	y.expanded += a.shape.nodes
	if y.expanded > maxExpanded {
		return y.giveUp(at, "the aliases of this file stand for more than %d values", maxExpanded)
	}
	if depth+a.shape.height > maxDepth {
		return y.giveUp(at, "is nested more than %d deep", maxDepth)
	}
	a.value.Pos = at
	return a.value, a.shape
}

// merge adds the fields that a << entry brings: those of one mapping, or of
// each of a list of mappings, the earlier winning over the later.
func (y *yamlReader) merge(fields []Field, from Value) []Field {
	switch from.Type {
	case Map:
		return append(fields, from.Fields...)
	case List:
		for _, one := range from.Items {
			if one.Type != Map {
				y.g.fail(one.Pos, "<< takes a mapping or a list of mappings, not %s", one.Type)
				continue
			}
			fields = append(fields, one.Fields...)
		}
		return fields
	}
	y.g.fail(from.Pos, "<< takes a mapping or a list of mappings, not %s", from.Type)
	return fields
}
