package intake

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The bounds of what is handed to the YAML parser, whose cost grows with the
// square of these.
const (
	maxYAMLLine = 4096
	maxYAMLPart = 50_000 // tokens of one record
)

// tokens cuts a text into tokens, none if a line is longer than the scanner
// should be given.
func (y *yamlReader) tokens(text string) token.Tokens {
	for i, line := range y.lines {
		if len(line) > maxYAMLLine {
			y.g.fail(Pos{y.g.file, i + 1, 1}, "a line of YAML must not be longer than %d bytes", maxYAMLLine)
			return nil
		}
	}
	return lexer.Tokenize(text)
}

// documents cuts the tokens of a file into those of its documents, without the
// empty ones. They are parsed one by one, since the parser drops whatever
// follows an empty document.
func (y *yamlReader) documents(tokens token.Tokens) []token.Tokens {
	var out []token.Tokens
	var one token.Tokens
	filled, directive := false, 0
	end := func() {
		if filled {
			out = append(out, one)
		}
		one, filled = nil, false
	}
	for i, tk := range tokens {
		switch {
		case tk.Type == token.CommentType:
		case tk.Type == token.DirectiveType && i+1 < len(tokens):
			directive = tk.Position.Line
			y.directive(tk, tokens[i+1].Value)
		case tk.Position.Line == directive:
		case tk.Type == token.DocumentHeaderType:
			end()
			one = append(one, tk)
		case tk.Type == token.DocumentEndType:
			one = append(one, tk)
			end()
		default:
			one, filled = append(one, tk), true
		}
	}
	end()
	return out
}

// directive passes over %YAML, which changes nothing here, and nothing else.
func (y *yamlReader) directive(tk *token.Token, name string) {
	switch {
	case tk.Position.Column != 1:
		y.g.fail(y.place(tk), "a text must not begin with %%: put it in quotes")
	case name != "YAML":
		y.g.fail(y.place(tk), "the directive %%%s is not known here: take the line away", clip(name))
	}
}

// parse runs the YAML parser, and returns nil when it finds a mistake: the only
// one of these tokens that can be told.
func (y *yamlReader) parse(tokens token.Tokens) (body ast.Node) {
	defer func() {
		// The parser is known to panic on some broken input.
		if r := recover(); r != nil {
			y.g.fail(y.place(tokens[0]), "this cannot be read as YAML")
			body = nil
		}
	}()
	if len(tokens) > maxYAMLPart {
		y.g.fail(y.place(tokens[0]), "is too long for one record: begin each record with - on a line of its own")
		return nil
	}
	if tk := tooDeep(tokens); tk != nil {
		y.g.fail(y.place(tk), "is nested more than %d deep", maxDepth)
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		y.syntax(err)
		return nil
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		y.g.fail(y.place(tokens[0]), "this cannot be read as YAML")
		return nil
	}
	return file.Docs[0].Body
}

// tooDeep finds the token at which nesting goes past what the parser, which
// recurses, should be given. It may count a little less than there is.
func tooDeep(tokens token.Tokens) *token.Token {
	var indents []int
	line, flow, inLine := 0, 0, 0
	for _, tk := range tokens {
		if column := tk.Position.Column; tk.Position.Line != line && flow == 0 {
			line, inLine = tk.Position.Line, 0
			for len(indents) > 0 && indents[len(indents)-1] >= column {
				indents = indents[:len(indents)-1]
			}
			indents = append(indents, column)
		}
		switch tk.Type {
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow = max(0, flow-1)
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.TagType:
			inLine++
		}
		if flow > maxDepth || flow+inLine+len(indents) > 3*maxDepth {
			return tk
		}
	}
	return nil
}

// syntax tells the parser's mistake in one line.
func (y *yamlReader) syntax(err error) {
	at, message := Pos{File: y.g.file}, err.Error()
	var placed interface {
		GetMessage() string
		GetToken() *token.Token
	}
	if errors.As(err, &placed) {
		message = placed.GetMessage()
		if tk := placed.GetToken(); tk != nil {
			at = y.place(tk)
		}
	}
	y.g.fail(at, "%s", yamlFault(message))
}

// place is where a token begins. The parser's columns are off after a tab and
// in texts of several lines, so that the line itself is looked at.
func (y *yamlReader) place(tk *token.Token) Pos {
	if tk == nil || tk.Position == nil {
		return Pos{File: y.g.file, Line: 1, Column: 1}
	}
	number := min(max(tk.Position.Line, 1), len(y.lines))
	line := y.lines[number-1]
	column := min(max(tk.Position.Column, 1), utf8.RuneCount(line)+1)
	start := startOf(tk)
	if start == "" || bytes.HasPrefix(line[offsetOf(line, column):], []byte(start)) {
		return Pos{y.g.file, number, column}
	}
	after := offsetOf(line, column)
	if i := bytes.Index(line[after:], []byte(start)); i >= 0 {
		column += utf8.RuneCount(line[after : after+i])
	} else if i := bytes.Index(line, []byte(start)); i >= 0 {
		column = utf8.RuneCount(line[:i]) + 1
	}
	return Pos{y.g.file, number, column}
}

// startOf returns the characters a token must begin with, as far as they are
// sure.
func startOf(tk *token.Token) string {
	switch tk.Type {
	case token.SingleQuoteType:
		return "'"
	case token.DoubleQuoteType:
		return `"`
	case token.ImplicitNullType, token.InvalidType:
		return ""
	}
	first, _, _ := strings.Cut(tk.Value, "\n")
	return first
}

// offsetOf is the byte at which a column of a line begins.
func offsetOf(line []byte, column int) int {
	at := 0
	for ; column > 1 && at < len(line); column-- {
		_, size := utf8.DecodeRune(line[at:])
		at += size
	}
	return at
}
