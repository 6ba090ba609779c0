package intake

import (
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// fault is a mistake at an offset of the text that was being scanned.
type fault struct {
	offset int
	what   string
}

func (f *fault) Error() string { return f.what }

// scanner reads JSON from a text that is held whole. It is written out because
// encoding/json tells neither the place of a value nor that a key stands twice,
// and quietly replaces what is broken in a string.
type scanner struct {
	text []byte
	at   int
}

func (s *scanner) fail(offset int, format string, args ...any) *fault {
	return &fault{offset, fmt.Sprintf(format, args...)}
}

// space passes over white space and returns the character that follows, 0 at
// the end.
func (s *scanner) space() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return c
		}
	}
	return 0
}

// unexpected says what was found where something else is needed.
func (s *scanner) unexpected(wanted string) *fault {
	if s.at >= len(s.text) {
		return s.fail(s.at, "ends too early: %s is missing", wanted)
	}
	r, _ := utf8.DecodeRune(s.text[s.at:])
	switch r {
	case '\'':
		return s.fail(s.at, "expected %s, found ': JSON puts texts in double quotes", wanted)
	case '/', '#':
		return s.fail(s.at, "expected %s, found %c: JSON has no comments", wanted, r)
	}
	if isWord(s.text[s.at]) {
		return s.fail(s.at, "expected %s, found %s: JSON puts texts in double quotes", wanted, s.word())
	}
	return s.fail(s.at, "expected %s, found %q", wanted, r)
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// word returns the bare word at the current place, cut to a sane length.
func (s *scanner) word() string {
	end := s.at
	for end < len(s.text) && end < s.at+30 && isWord(s.text[end]) {
		end++
	}
	return string(s.text[s.at:end])
}

// literal reads a number, true, false or null and returns what was written.
func (s *scanner) literal() (Type, string, error) {
	start := s.at
	if c := s.text[s.at]; c == '-' || c >= '0' && c <= '9' {
		if err := s.number(); err != nil {
			return Null, "", err
		}
		return Number, string(s.text[start:s.at]), nil
	}
	word := s.word()
	s.at += len(word)
	switch word {
	case "true", "false":
		return Bool, word, nil
	case "null":
		return Null, word, nil
	}
	s.at = start
	return Null, "", s.unexpected("a value")
}

func (s *scanner) digits() int {
	start := s.at
	for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
		s.at++
	}
	return s.at - start
}

func (s *scanner) accept(one, other byte) bool {
	if s.at < len(s.text) && (s.text[s.at] == one || s.text[s.at] == other) {
		s.at++
		return true
	}
	return false
}

// number passes over a number as JSON writes it.
func (s *scanner) number() error {
	start := s.at
	s.accept('-', '-')
	first := s.at
	n := s.digits()
	if n == 0 {
		return s.fail(start, "is not a number: - must be followed by a digit")
	}
	if n > 1 && s.text[first] == '0' {
		return s.fail(start, "a number must not begin with 0: write it in quotes if it is a text")
	}
	if s.accept('.', '.') && s.digits() == 0 {
		return s.fail(start, "is not a number: a digit must follow the point")
	}
	if s.accept('e', 'E') {
		s.accept('+', '-')
		if s.digits() == 0 {
			return s.fail(start, "is not a number: a digit must follow the e")
		}
	}
	if s.at < len(s.text) && isWord(s.text[s.at]) {
		return s.fail(start, "is not a number: write it in quotes if it is a text")
	}
	return nil
}

// quoted reads a string whose opening quote is the current character.
func (s *scanner) quoted() (string, error) {
	start := s.at
	s.at++
	for i := s.at; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '"':
			out := string(s.text[s.at:i])
			s.at = i + 1
			return out, nil
		case c == '\\' || c < ' ':
			return s.escaped(start)
		}
	}
	return "", s.fail(start, "this text is never closed: a \" is missing")
}

// escaped reads the string that begins at start with its escapes decoded.
func (s *scanner) escaped(start int) (string, error) {
	out := make([]byte, 0, 64)
	for s.at < len(s.text) {
		c := s.text[s.at]
		switch {
		case c == '"':
			s.at++
			return string(out), nil
		case c == '\n' || c == '\r':
			return "", s.fail(start, "this text is not closed before the end of the line: write a line break as \\n")
		case c < ' ':
			return "", s.fail(s.at, "a control character in a text must be written as %s", controlEscape(c))
		case c != '\\':
			out = append(out, c)
			s.at++
		default:
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, r)
		}
	}
	return "", s.fail(start, "this text is never closed: a \" is missing")
}

func controlEscape(c byte) string {
	if c == '\t' {
		return `\t`
	}
	return fmt.Sprintf(`\u%04x`, c)
}

// escape reads one escape, a surrogate pair included.
func (s *scanner) escape() (rune, error) {
	start := s.at
	if s.at+1 >= len(s.text) {
		return 0, s.fail(start, "ends too early: a text is not closed")
	}
	c := s.text[s.at+1]
	s.at += 2
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		return s.unicode(start)
	}
	s.at = start + 1
	r, _ := utf8.DecodeRune(s.text[s.at:])
	return 0, s.fail(start, "\\%s is no escape: write \\\\ for a backslash", clip(string(r)))
}

func (s *scanner) unicode(start int) (rune, error) {
	r, ok := s.hex4()
	if !ok {
		return 0, s.fail(start, "\\u must be followed by four hexadecimal digits")
	}
	if !utf16.IsSurrogate(r) {
		return r, nil
	}
	if s.at+1 < len(s.text) && s.text[s.at] == '\\' && s.text[s.at+1] == 'u' {
		s.at += 2
		if low, ok := s.hex4(); ok {
			if both := utf16.DecodeRune(r, low); both != utf8.RuneError {
				return both, nil
			}
		}
	}
	return 0, s.fail(start, "\\u%04x is half a character: its other half is missing", r)
}

func (s *scanner) hex4() (rune, bool) {
	if s.at+4 > len(s.text) {
		return 0, false
	}
	for _, c := range s.text[s.at : s.at+4] {
		if !(c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f') {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(string(s.text[s.at:s.at+4]), 16, 32)
	s.at += 4
	return rune(n), err == nil
}
