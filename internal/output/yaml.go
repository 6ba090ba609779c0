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

// toYAML turns a JSON text into YAML: its keys in the same order, its numbers
// to the digit, and every text in quotes that a reader may take for something
// else. The YAML library leaves some of those bare ("1e3", "? a"), and takes
// five times as long.
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

// place is where a value stands.
type place int

const (
	atTop place = iota
	afterKey
	afterDash
)

// value writes the next value and ends its line.
func (y *yamlWriter) value(depth int, at place) error {
	token, err := y.tokens.Token()
	if err != nil {
		return err
	}
	opening, nested := token.(json.Delim)
	if nested && y.tokens.More() {
		if err := y.entries(depth, at, opening == '{'); err != nil {
			return err
		}
		_, err := y.tokens.Token() // the closing one
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

// entries writes what a mapping or sequence holds, an entry a line. The first
// one begins on the line of a dash, but below a key.
func (y *yamlWriter) entries(depth int, at place, keyed bool) error {
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
		return strconv.Quote(s) // its escapes are YAML's, too
	}
	return fmt.Sprint(token)
}

// plain tells of texts that are the same text without quotes: they begin with
// a letter, hold nothing that YAML gives a meaning, and are none of its words.
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
