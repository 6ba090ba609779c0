package intake

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// yamlFault is the reason why a part of a file cannot be parsed.
type yamlFault struct {
	at     Pos
	what   string
	anchor bool // an alias to an unknown anchor
}

// feeder passes lines to the parser one by one. The parser stops reading at the mistake,
// and its message does not always say where that is.
type feeder struct {
	lines [][]byte
	given int // lines passed so far
	rest  []byte
	ended bool
}

func (f *feeder) Read(p []byte) (int, error) {
	if len(f.rest) == 0 {
		if f.given > len(f.lines) {
			f.ended = true
			return 0, io.EOF
		}
		// Begin with a blank line, because the parser omits the number of line 1.
		if f.rest = []byte{'\n'}; f.given > 0 {
			f.rest = append(bytes.Clone(f.lines[f.given-1]), '\n')
		}
		f.given++
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// parse returns the value of a part of the file, with positions in the file.
func (y *yamlReader) parse(part lineRange) (*yaml.Node, *yamlFault) {
	f := &feeder{lines: y.lines[part.from:part.to]}
	in := yaml.NewDecoder(f)
	var n, more yaml.Node
	err := in.Decode(&n)
	if err == nil {
		// Text after the first value would be ignored otherwise.
		if err = in.Decode(&more); errors.Is(err, io.EOF) {
			err = nil
		} else if err == nil {
			err = errors.New("did not find expected end")
		}
	}
	if err != nil {
		return nil, y.fault(err, part, f)
	}
	shift(&n, part.from-1)
	return n.Content[0], nil
}

// shift adds to the line numbers of a node and its children.
func shift(n *yaml.Node, lines int) {
	n.Line += lines
	for _, inner := range n.Content {
		shift(inner, lines)
	}
}

// fault describes a mistake, its position and how to fix it. The library reports the line
// where the construct began (for errors of its parser, one line less), and not where the
// mistake is.
func (y *yamlReader) fault(err error, part lineRange, f *feeder) *yamlFault {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	if name, ok := strings.CutPrefix(message, "unknown anchor '"); ok {
		name, _, _ = strings.Cut(name, "'")
		return &yamlFault{anchor: true, what: "no anchor &" + clip(name) + " is set before this", at: y.find(part, part.from, "*"+name)}
	}
	began := part.from
	if number, rest, ok := strings.Cut(strings.TrimPrefix(message, "line "), ": "); ok {
		if n, err := strconv.Atoi(number); err == nil {
			began, message = part.from+n-2, rest
		}
	}
	bad := &yamlFault{what: sentence(message)}
	switch {
	case strings.Contains(message, "escape") || strings.Contains(message, "hexdecimal"):
		bad.at = y.findMatch(part, began, badEscape())
	case strings.Contains(message, "tab character"):
		bad.at = y.findMatch(part, began, tabIndent())
	case strings.Contains(message, "expected ',' or ']'") && f.ended:
		bad.at, bad.what = y.find(part, began+1, "["), "a [ is never closed: a ] is missing"
	case strings.Contains(message, "expected ',' or '}'") && f.ended:
		bad.at, bad.what = y.find(part, began+1, "{"), "a { is never closed: a } is missing"
	case strings.HasPrefix(message, "did not find expected"):
		bad.at = y.find(part, y.lastFilled(part, f.given-1), "")
	case strings.Contains(message, "mapping values are not allowed"):
		bad.at = y.second(part, began)
	case strings.Contains(message, "unexpected end of stream"):
		bad.at, bad.what = y.unclosed(part, began)
	case strings.Contains(message, "cannot start any token"):
		bad.at = y.find(part, began, "")
		if i := bytes.IndexAny(y.lines[bad.at.Line-1], "@`%\t"); i >= 0 {
			bad.at.Column = utf8.RuneCount(y.lines[bad.at.Line-1][:i]) + 1
			if y.lines[bad.at.Line-1][i] == '\t' {
				bad.what = indentedWithTab
			}
		}
	default:
		bad.at = y.find(part, began, "")
	}
	return bad
}

const indentedWithTab = "is indented with a tab: YAML is indented with spaces"

// sentence describes an error of the library and how to fix it. It covers the common
// mistakes; the others keep the library's message.
func sentence(message string) string {
	for _, known := range [][2]string{
		{"tab character", indentedWithTab},
		{"hexdecimal", `\x, \u and \U must be followed by the hexadecimal digits of a character`},
		{"mapping values are not allowed", "the value contains a second `key: value`: check the indentation, or put the value in quotes"},
		{"could not find expected ':'", "expected `key: value`: a colon and a space are missing"},
		{"expected ',' or ']'", "expected a comma or ]"},
		{"expected ',' or '}'", "expected a comma or }"},
		{"did not find expected alphabetic", "a text must not begin with this character: put it in quotes"},
		{"did not find expected", "does not fit here: check its indentation"},
		{"not allowed in this context", "does not fit here: check its indentation"},
		{"cannot start any token", "a text must not begin with this character: put it in quotes"},
		{"unknown escape character", `a backslash in double quotes must be written \\, or use single quotes`},
		{"invalid Unicode character escape", `\x, \u and \U must be followed by the hexadecimal digits of a character`},
		{"undefined tag handle", "unknown tag: remove it"},
		{"exceeded max depth", "is nested more than " + strconv.Itoa(maxDepth) + " deep"},
	} {
		if strings.Contains(message, known[0]) {
			return known[1]
		}
	}
	return "cannot be read as YAML here: " + clip(message)
}

// lastFilled returns the last line that is not blank, among the lines read of a part.
func (y *yamlReader) lastFilled(part lineRange, read int) int {
	i := min(part.from+read, part.to) - 1
	for i > part.from && len(bytes.TrimSpace(y.lines[i])) == 0 {
		i--
	}
	return max(i, part.from)
}

// find returns the position of a text, in the given line or later. If it is not found,
// the position is the first character of the line.
func (y *yamlReader) find(part lineRange, from int, text string) Pos {
	from = max(min(from, part.to-1), part.from)
	for i := from; text != "" && i < part.to; i++ {
		if at := bytes.Index(y.lines[i], []byte(text)); at >= 0 {
			return y.position(i, at)
		}
	}
	return y.position(from, len(y.lines[from])-len(bytes.TrimLeft(y.lines[from], " \t")))
}

// position returns the position of a byte in a line.
func (y *yamlReader) position(line, at int) Pos {
	return Pos{y.g.file, line + 1, utf8.RuneCount(y.lines[line][:at]) + 1}
}

// second returns the position of the value after the first colon of a line.
func (y *yamlReader) second(part lineRange, line int) Pos {
	at := y.find(part, line, "")
	text := y.lines[at.Line-1]
	if i := bytes.Index(text, []byte(": ")); i >= 0 && bytes.Count(text, []byte(":")) > 1 {
		return y.position(at.Line-1, len(text)-len(bytes.TrimLeft(text[i+1:], " ")))
	}
	return at
}

// unclosed returns the position of a quote that is never closed: the last one in its line.
func (y *yamlReader) unclosed(part lineRange, line int) (Pos, string) {
	at := y.find(part, line, "")
	i := bytes.LastIndexAny(y.lines[at.Line-1], `"'`)
	if i < 0 {
		return at, "a quote is never closed"
	}
	if y.lines[at.Line-1][i] == '"' {
		return y.position(at.Line-1, i), `a text in double quotes is never closed: a " is missing`
	}
	return y.position(at.Line-1, i), "a text in single quotes is never closed: a ' is missing"
}

// badEscape matches an escape that YAML does not have, a numeric one without its
// hexadecimal digits, or one for half a character.
var badEscape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\\(?:[^0abt\tnvfre "/\\N_LPxuU]|x[0-9a-fA-F]?(?:[^0-9a-fA-F]|$)|u[0-9a-fA-F]{0,3}(?:[^0-9a-fA-F]|$)|u[dD][c-fC-F8-9aAbB]|U)`)
})

var tabIndent = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^ *\t`) })

// findMatch returns the position of the first match, in the given line or later.
func (y *yamlReader) findMatch(part lineRange, from int, pattern *regexp.Regexp) Pos {
	for i := max(from, part.from); i < part.to; i++ {
		if at := pattern.FindIndex(y.lines[i]); at != nil {
			return y.position(i, at[0])
		}
	}
	return y.find(part, from, "")
}
