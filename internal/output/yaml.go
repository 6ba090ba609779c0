package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// toYAML converts a JSON text to YAML. It keeps the order of keys and the digits of
// numbers, and quotes every text that a parser could interpret otherwise. The YAML library
// leaves some of them unquoted that other parsers take for a boolean or a number ("yes",
// "12:30:45"), writes overrides of the writing direction as they are, and needs the whole list
// as nodes.
func toYAML(text []byte) (string, error) {
	y := &yamlWriter{tokens: json.NewDecoder(bytes.NewReader(text))}
	y.tokens.UseNumber()
	if err := y.value(0, atTop); err != nil {
		return "", fmt.Errorf("writing YAML: %w", err)
	}
	return y.out.String(), nil
}

// yamlWriter writes JSON tokens in block style.
type yamlWriter struct {
	tokens *json.Decoder
	out    strings.Builder
}

// position is the position of a value.
type position int

const (
	atTop position = iota
	afterKey
	afterDash
)

// value writes the next value and the end of its line.
func (y *yamlWriter) value(depth int, at position) error {
	token, err := y.tokens.Token()
	if err != nil {
		return err
	}
	opening, nested := token.(json.Delim)
	if nested && y.tokens.More() {
		if err := y.entries(depth, at, opening == '{'); err != nil {
			return err
		}
		_, err := y.tokens.Token() // the closing bracket
		return err
	}
	if at != atTop {
		y.out.WriteByte(' ')
	}
	switch opening {
	case '{':
		_, err = y.tokens.Token()
		y.out.WriteString("{}\n")
	case '[':
		_, err = y.tokens.Token()
		y.out.WriteString("[]\n")
	default:
		y.out.WriteString(scalar(token) + "\n")
	}
	return err
}

// entries writes the entries of a mapping or sequence, one per line. The first one is on the
// same line as a dash, but on the line after a key.
func (y *yamlWriter) entries(depth int, at position, keyed bool) error {
	if at == afterKey {
		y.out.WriteByte('\n')
	}
	for first := true; y.tokens.More(); first = false {
		if first && at == afterDash {
			y.out.WriteByte(' ')
		} else {
			y.out.WriteString(strings.Repeat("  ", depth))
		}
		if !keyed {
			y.out.WriteByte('-')
			if err := y.value(depth+1, afterDash); err != nil {
				return err
			}
			continue
		}
		key, err := y.tokens.Token()
		if err != nil {
			return err
		}
		y.out.WriteString(scalar(key) + ":")
		if err := y.value(depth+1, afterKey); err != nil {
			return err
		}
	}
	return nil
}

func scalar(token json.Token) string {
	s, isText := token.(string)
	switch {
	case token == nil:
		return "null"
	case isText && !plain(s):
		return strconv.Quote(s) // its escapes are valid in YAML, too
	}
	return fmt.Sprint(token)
}

// plain reports whether a text needs no quotes: it begins with a letter, contains no
// characters with a meaning in YAML, and is not one of its words.
func plain(s string) bool {
	words := []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
	if s == "" || strings.HasSuffix(s, " ") || slices.Contains(words, strings.ToLower(s)) {
		return false
	}
	for i, r := range s {
		switch {
		case unicode.IsLetter(r) && !unsafe(r):
		case i > 0 && (unicode.IsDigit(r) || strings.ContainsRune(" _-./,()+@", r)):
		default:
			return false
		}
	}
	return true
}
