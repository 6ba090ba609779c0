package intake

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// plainNumber is a number as the core schema of YAML 1.2 knows it. 1_000, 0b11,
// 12:30 and dates are text there.
var plainNumber = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)
})

// plainType tells what an unquoted scalar is. yes, no, on and off are text.
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

// scalar reads a node that holds no others. Its type is decided here and not
// taken from the parser, which still follows YAML 1.1 in places.
func (y *yamlReader) scalar(n ast.Node) Value {
	if block, ok := n.(*ast.LiteralNode); ok {
		v := Value{Type: Text, Pos: y.place(block.Start)}
		if block.Value != nil {
			v.Text = block.Value.Value
			if block.Value.Token.Position != block.Start.Position {
				y.scalars++
			}
		}
		return v
	}
	tk := n.GetToken()
	v := Value{Type: Text, Pos: y.place(tk)}
	switch tk.Type {
	case token.ImplicitNullType:
		v.Type = Null
		return v
	case token.SingleQuoteType:
		v.Text = tk.Value
	case token.DoubleQuoteType:
		y.escapes(v.Pos)
		v.Text = tk.Value
	default:
		y.plain(tk, v.Pos)
		v.Text = tk.Value
		v.Type = plainType(tk.Value)
	}
	y.scalars++
	return v
}

// plain refuses unquoted text that the parser does not give back as it was
// written: it drops tabs, and takes a wrongly indented next line, keys and all,
// for more of the text.
func (y *yamlReader) plain(tk *token.Token, at Pos) {
	written := strings.TrimSpace(tk.Origin)
	switch {
	case strings.Contains(written, "\n"):
		y.g.fail(at, "a text without quotes goes over two lines here: put it in quotes, or check the indentation")
	case strings.Contains(written, "\t"):
		y.g.fail(at, "this text holds a tab: put it in quotes")
	case strings.HasPrefix(written, `"`) || strings.HasPrefix(written, "'"):
		y.g.fail(at, "this text in quotes cannot be read: check the indentation of the line before")
	}
}

// brokenEscape is an escape by number without its hexadecimal digits, or one
// that stands for half a character.
var brokenEscape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\\(?:x(?:$|.$|.?[^0-9a-fA-F])|u(?:$|.{0,3}(?:$|[^0-9a-fA-F])|[dD][c-fC-F])|U(?:$|.{0,7}(?:$|[^0-9a-fA-F])|(?:[^0].|0[^0]|00[^01]|001[^0])))`)
})

// escapes looks at the escapes of the text in double quotes that begins at a
// place, since the parser takes any characters for hexadecimal digits.
func (y *yamlReader) escapes(at Pos) {
	from := offsetOf(y.lines[at.Line-1], at.Column) + 1
	for number := at.Line; number <= len(y.lines); number++ {
		line := y.lines[number-1]
		for i := min(from, len(line)); i < len(line); i++ {
			switch line[i] {
			case '"':
				return
			case '\\':
				if brokenEscape().Match(line[i:]) {
					y.g.fail(Pos{y.g.file, number, utf8.RuneCount(line[:i]) + 1}, `\%c must be followed by the hexadecimal digits of a character`, line[i+1])
					return
				}
				i++
			}
		}
		from = 0
	}
}

// countScalars counts the tokens that must become part of a value: each is a
// key, a value, or the name of an anchor or alias.
func countScalars(tokens token.Tokens) int {
	n := 0
	for _, tk := range tokens {
		switch tk.Type {
		case token.StringType, token.SingleQuoteType, token.DoubleQuoteType, token.MergeKeyType,
			token.NullType, token.BoolType, token.InfinityType, token.NanType, token.FloatType,
			token.IntegerType, token.BinaryIntegerType, token.OctetIntegerType, token.HexIntegerType:
			n++
		}
	}
	return n
}
