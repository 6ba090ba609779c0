package intake

import (
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

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
		digit, letter := c >= '0' && c <= '9', c|0x20 >= 'a' && c|0x20 <= 'f'
		if !digit && !letter {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(string(s.text[s.at:s.at+4]), 16, 32)
	s.at += 4
	return rune(n), err == nil
}
