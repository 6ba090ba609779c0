package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// fault is a mistake at an offset in the scanned text.
type fault struct {
	offset int
	what   string
}

func (f *fault) Error() string { return f.what }

// scanner reads JSON from a text in memory, token by token. It knows the offset of each
// token and converts the library's errors to faults.
type scanner struct {
	text []byte
	src  bytes.Reader
	in   *jsontext.Decoder
}

func newScanner(text []byte) *scanner {
	s := &scanner{in: new(jsontext.Decoder)}
	s.reset(text)
	return s
}

func (s *scanner) reset(text []byte) {
	s.text = text
	s.src.Reset(text)
	s.in.Reset(&s.src, jsontext.AllowDuplicateNames(true))
}

func (s *scanner) fail(offset int, format string, args ...any) *fault {
	return &fault{offset, fmt.Sprintf(format, args...)}
}

// start returns the offset of the next token.
func (s *scanner) start() int {
	at := int(s.in.InputOffset())
	for at < len(s.text) && strings.IndexByte(" \t\r\n,:", s.text[at]) >= 0 {
		at++
	}
	return at
}

// first returns the first character of the next token, or 0 at the end.
func (s *scanner) first() byte {
	if at := s.start(); at < len(s.text) {
		return s.text[at]
	}
	return 0
}

func (s *scanner) token() (jsontext.Token, error) {
	at := s.start()
	t, err := s.in.ReadToken()
	if err != nil {
		return t, s.fault(err, at)
	}
	return t, nil
}

// scalar reads a string, a number, true, false or null. It decodes strings, and keeps
// numbers as written.
func (s *scanner) scalar() (Type, string, error) {
	t, err := s.token()
	if err != nil {
		return Null, "", err
	}
	switch t.Kind() {
	case '"':
		return Text, t.String(), nil
	case '0':
		return Number, t.String(), nil
	case 'n':
		return Null, "null", nil
	}
	return Bool, t.String(), nil
}

// fault describes an error of the library in the token at an offset, and how to fix it.
func (s *scanner) fault(err error, token int) *fault {
	var bad *jsontext.SyntacticError
	if !errors.As(err, &bad) {
		return s.unexpected(len(s.text), "a value")
	}
	message, at := bad.Err.Error(), min(int(bad.ByteOffset), len(s.text))
	switch {
	case errors.Is(bad.Err, io.ErrUnexpectedEOF):
		return s.endsEarly(token)
	case errors.Is(bad.Err, jsontext.ErrNonStringName):
		return s.unexpected(token, "a key in double quotes")
	case strings.Contains(message, "escape sequence"), strings.Contains(message, "surrogate"):
		return s.escape(at)
	case strings.Contains(message, "in string"):
		if c := s.text[at]; c != '\n' && c != '\r' {
			return s.fail(at, "a control character in text must be written as %s", controlEscape(c))
		}
		return s.fail(token, "this text is not closed before the end of the line: write a line break as \\n")
	case strings.Contains(message, "in number"):
		return s.fail(token, "is not a number: a digit is missing")
	case strings.Contains(message, "expecting ':'"):
		return s.unexpected(at, "a colon after the key")
	case strings.Contains(message, "expecting ','"):
		return s.separator(at, strings.Contains(message, "'}'"))
	case strings.Contains(message, "in literal"):
		at = token
	}
	if rest := bytes.TrimLeft(s.text[min(at+1, len(s.text)):], " \t\r\n"); at < len(s.text) && s.text[at] == ',' && len(rest) > 0 && (rest[0] == '}' || rest[0] == ']') {
		return s.fail(at, "remove the comma before %c", rest[0])
	}
	return s.unexpected(at, s.wanted())
}

// wanted returns what may come next, if no separator is missing.
func (s *scanner) wanted() string {
	if kind, length := s.in.StackIndex(s.in.StackDepth()); kind == '{' && length%2 == 0 {
		return "a key in double quotes"
	}
	return "a value"
}

// separator describes what was found instead of a comma. Directly after a number, it is
// part of a number that is not valid in JSON.
func (s *scanner) separator(at int, object bool) *fault {
	from := at
	for from > 0 && (isWord(s.text[from-1]) || strings.IndexByte("+-.", s.text[from-1]) >= 0) {
		from--
	}
	if from < at && (isWord(s.text[at]) || s.text[at] == '.') {
		return s.number(from)
	}
	if object {
		return s.unexpected(at, "a comma or }")
	}
	return s.unexpected(at, "a comma or ]")
}

// number describes what is wrong with the number at an offset.
func (s *scanner) number(at int) *fault {
	digits := bytes.TrimPrefix(s.text[at:], []byte{'-'})
	if len(digits) > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9' {
		return s.fail(at, "a number must not begin with 0: write it in quotes if it is text")
	}
	return s.fail(at, "is not a number: write it in quotes if it is text")
}

// endsEarly describes a text that ends inside or before the token at an offset.
func (s *scanner) endsEarly(token int) *fault {
	if token < len(s.text) && s.text[token] == '"' {
		return s.fail(token, `this text is never closed: a " is missing`)
	}
	if token < len(s.text) && (s.text[token] == '-' || isWord(s.text[token])) {
		return s.number(token)
	}
	switch kind, length := s.in.StackIndex(s.in.StackDepth()); {
	case kind == '{' && length%2 == 0 && length > 0:
		return s.unexpected(len(s.text), "a comma or }")
	case kind == '[' && length > 0:
		return s.unexpected(len(s.text), "a comma or ]")
	}
	return s.unexpected(len(s.text), s.wanted())
}

// escape describes the bad escape at an offset.
func (s *scanner) escape(at int) *fault {
	text := s.text[at:]
	if len(text) < 2 {
		return s.fail(at, "ends too early: a quote is not closed")
	}
	switch r, _ := utf8.DecodeRune(text[1:]); {
	case r != 'u':
		return s.fail(at, "\\%s is not an escape: write \\\\ for a backslash", clip(string(r)))
	case len(text) >= 6 && (text[2] == 'd' || text[2] == 'D') && strings.IndexByte("89abcdefABCDEF", text[3]) >= 0:
		return s.fail(at, "%s is half a character: its other half is missing", text[:6])
	}
	return s.fail(at, "\\u must be followed by four hexadecimal digits")
}

func controlEscape(c byte) string {
	if c == '\t' {
		return `\t`
	}
	return fmt.Sprintf(`\u%04x`, c)
}

// unexpected describes what was found instead of what is needed.
func (s *scanner) unexpected(at int, wanted string) *fault {
	if at >= len(s.text) {
		return s.fail(at, "ends too early: %s is missing", wanted)
	}
	switch r, _ := utf8.DecodeRune(s.text[at:]); {
	case r == '\'':
		return s.fail(at, "expected %s, found ': JSON puts text in double quotes", wanted)
	case r == '/' || r == '#':
		return s.fail(at, "expected %s, found %c: JSON has no comments", wanted, r)
	case isWord(s.text[at]):
		return s.fail(at, "expected %s, found %s: JSON puts text in double quotes", wanted, s.word(at))
	default:
		return s.fail(at, "expected %s, found %q", wanted, r)
	}
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// word returns the bare word at an offset, at most 30 bytes of it.
func (s *scanner) word(at int) []byte {
	end := at
	for end < len(s.text) && end < at+30 && isWord(s.text[end]) {
		end++
	}
	return s.text[at:end]
}
