package intake

import (
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// tagged reads a value whose type is said by a tag such as !!str.
func (y *yamlReader) tagged(n *ast.TagNode, depth int) (Value, shape) {
	at, tag := y.place(n.Start), n.Start.Value
	if n.Value == nil || invented(n.Value.GetToken(), n.Start) {
		y.g.fail(at, "the tag %s has no value", clip(tag))
		return Value{Pos: at}, shape{nodes: 1}
	}
	v, size := y.value(n.Value, depth)
	v.Pos = at
	wanted, known := typeOfTag(tag)
	if !known {
		y.g.fail(at, "the tag %s is not known here: take it away", clip(tag))
		return v, size
	}
	scalar := v.Type != Map && v.Type != List
	switch {
	case scalar && wanted == Text:
		v.Type = Text
	case v.Type == Text && wanted != Map && wanted != List:
		v.Type = plainType(v.Text)
	}
	if v.Type != wanted {
		y.g.fail(at, "the tag %s does not fit: this is %s", tag, v.Type)
	}
	return v, size
}

// invented tells whether the parser made a value up, such as the 0 it takes for
// an !!int without one. It puts it right behind the first character of the tag.
func invented(value, tag *token.Token) bool {
	return value.Type != token.ImplicitNullType &&
		value.Position.Line == tag.Position.Line && value.Position.Column <= tag.Position.Column+1
}

func typeOfTag(tag string) (wanted Type, known bool) {
	switch tag {
	case "!!str", "!":
		return Text, true
	case "!!int", "!!float":
		return Number, true
	case "!!bool":
		return Bool, true
	case "!!null":
		return Null, true
	case "!!map":
		return Map, true
	case "!!seq":
		return List, true
	}
	return Null, false
}
