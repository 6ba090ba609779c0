package config

import (
	"errors"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The bounds of what the parser is given: it recurses into what is nested, and
// its time grows with the square of the keys.
const (
	maxTokens = 20_000
	maxBraces = 8
)

// parse returns the one document of the text, nil for none.
func (d decoder) parse(text []byte) (root ast.Node, err error) {
	broken := d.failAt(nil, "it is not the YAML of a configuration file")
	if !utf8.Valid(text) {
		return nil, broken
	}
	tokens := lexer.Tokenize(string(text))
	if err := d.plain(tokens); err != nil {
		return nil, err
	}
	defer func() {
		// The parser is known to panic on some broken input.
		if recover() != nil {
			root, err = nil, broken
		}
	}()
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	var at yaml.Error
	switch {
	case errors.As(err, &at):
		// The parser's own messages quote the lines around the mistake.
		return nil, d.failAt(at.GetToken(), "the YAML is broken here")
	case err != nil:
		return nil, broken
	}
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil || doc.Body.Type() == ast.DirectiveType:
		case root != nil:
			return nil, d.fail(doc.Body, "a second document begins here: a configuration is one")
		default:
			root = doc.Body
		}
	}
	return root, nil
}

// plain refuses what a configuration never has, before it reaches the parser.
func (d decoder) plain(tokens token.Tokens) error {
	if len(tokens) > maxTokens {
		return d.failAt(nil, "holds too much for a configuration file")
	}
	braces := 0
	for _, tk := range tokens {
		switch tk.Type {
		case token.MappingStartType:
			braces++
		case token.MappingEndType:
			braces--
		case token.SequenceStartType, token.SequenceEntryType, token.MappingKeyType,
			token.AnchorType, token.AliasType, token.TagType, token.MergeKeyType:
			return d.failAt(tk, "only plain keys and values may stand here: no lists, anchors or tags")
		}
		if braces > maxBraces {
			return d.failAt(tk, "this is nested too deep")
		}
	}
	return nil
}
