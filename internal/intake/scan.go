package intake

import (
	"fmt"
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
