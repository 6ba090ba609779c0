package intake

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// plainNumber matches a number in the core schema of YAML 1.2, in which 1_000, 0b11,
// 12:30 and dates are text.
var plainNumber = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)
})

// plainType returns the type of an unquoted scalar. yes, no, on and off are text.
func plainType(text string) Type {
	switch text {
	case "", "~", "null", "Null", "NULL":
		return Null
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return Bool
	}
	if plainNumber().MatchString(text) {
		return Number
	}
	return Text
}

// scalar reads a node without children. It decides the type itself because the
// library follows YAML 1.1 in places.
func (y *yamlReader) scalar(n *yaml.Node) Value {
	v := Value{Type: Text, Text: n.Value, Pos: y.at(n)}
	const quotedOrBlock = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	if n.Style&quotedOrBlock == 0 {
		v.Type = plainType(n.Value)
		y.plain(n)
	}
	return v
}

// plain rejects unquoted text on several lines, or with a tab. It is valid YAML, but
// usually a mistake in the indentation or a colon.
func (y *yamlReader) plain(n *yaml.Node) {
	written := bytes.Join(y.lines[n.Line-1:min(n.Line+2, len(y.lines))], []byte{'\n'})
	written = written[offsetOf(written, n.Column):]
	for len(written) > 0 && (written[0] == '&' || written[0] == '!') {
		end := bytes.IndexAny(written, " \t\n")
		if end < 0 {
			return
		}
		written = bytes.TrimLeft(written[end:], " \t\n")
	}
	switch {
	case strings.Contains(n.Value, "\t"):
		y.g.fail(y.at(n), "this text contains a tab: put it in quotes")
	case !bytes.HasPrefix(written, []byte(n.Value)):
		y.g.fail(y.at(n), "this text without quotes continues on the next line: put it in quotes, or check the indentation")
	}
}

// offsetOf returns the offset of a column in the first line of a text.
func offsetOf(text []byte, column int) int {
	at := 0
	for ; column > 1 && at < len(text); column-- {
		_, size := utf8.DecodeRune(text[at:])
		at += size
	}
	return at
}

// tagged sets the type that a tag such as !!str requires.
func (y *yamlReader) tagged(n *yaml.Node, v Value) Value {
	wanted, known := typeOfTag(n.Tag)
	scalar := v.Type != Map && v.Type != List
	switch {
	case v.Type == Null && v.Text == "" && wanted != Null && known:
		y.g.fail(v.Pos, "the tag %s has no value", n.Tag)
		return v
	case !known:
		y.g.fail(v.Pos, "unknown tag %s: remove it", clip(n.Tag))
		return v
	case scalar && wanted == Text:
		v.Type = Text
	case v.Type == Text && scalar && wanted != Map && wanted != List:
		v.Type = plainType(v.Text)
	}
	if v.Type != wanted {
		y.g.fail(v.Pos, "the tag %s does not fit: this is %s", n.Tag, v.Type)
	}
	return v
}

func typeOfTag(tag string) (wanted Type, known bool) {
	switch tag {
	case "!!str":
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
