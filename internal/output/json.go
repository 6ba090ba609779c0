package output

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// writeValue writes one value as JSON or YAML, filtered by --jq if given.
func (p *Printer) writeValue(fields []string, value any) error {
	text, err := encode(fields, value)
	if err != nil {
		return err
	}
	return stream(p.out, func(w *bufio.Writer) error { return p.writeText(w, text) })
}

// writeValues writes a list: one line per item in jsonl, and otherwise an array,
// collected first so that nothing is printed in case of an error.
func (p *Printer) writeValues(fields []string, items iter.Seq2[any, error]) error {
	if p.format == JSONL {
		return stream(p.out, func(w *bufio.Writer) error {
			for item, err := range items {
				if err != nil {
					return err
				}
				text, err := encode(fields, item)
				if err != nil {
					return err
				}
				if err := p.writeText(w, text); err != nil {
					return err
				}
			}
			return nil
		})
	}
	all := bytes.NewBufferString("[")
	for item, err := range items {
		if err != nil {
			return err
		}
		text, err := encode(fields, item)
		if err != nil {
			return err
		}
		if all.Len() > 1 {
			all.WriteByte(',')
		}
		all.Write(text)
	}
	all.WriteByte(']')
	return stream(p.out, func(w *bufio.Writer) error { return p.writeText(w, all.Bytes()) })
}

// writeText writes one JSON text in the printer's format.
func (p *Printer) writeText(w *bufio.Writer, text []byte) error {
	if p.query != nil {
		return p.filter(w, text)
	}
	switch p.format {
	case YAML:
		out, err := toYAML(text)
		if err != nil {
			return err
		}
		_, err = w.WriteString(out)
		return err
	case JSONL:
		_, err := w.Write(append(p.inColour(text), '\n'))
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, text, "", "  "); err != nil {
		return err
	}
	pretty.WriteByte('\n')
	_, err := w.Write(p.inColour(pretty.Bytes()))
	return err
}

// encode returns a value as compact JSON, restricted to fields if they are given.
// Characters that could deceive a reader are escaped.
func encode(fields []string, value any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return nil, fmt.Errorf("writing JSON: %w", err)
	}
	text := bytes.TrimRight(out.Bytes(), "\n")
	if fields != nil {
		var err error
		if text, err = restrict(text, fields); err != nil {
			return nil, err
		}
	}
	return escape(text), nil
}

// restrict returns an object with only the given fields, in that order.
func restrict(text []byte, fields []string) ([]byte, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil {
		return nil, fmt.Errorf("choosing fields: %w", err)
	}
	var out bytes.Buffer
	out.WriteByte('{')
	for _, name := range fields {
		value, ok := object[name]
		if !ok {
			continue
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		out.Write(key)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// escape replaces unsafe characters by \u escapes, which JSON readers decode to the
// same text. encoding/json has already escaped the ASCII ones, and outside strings
// there are none.
func escape(text []byte) []byte {
	if !bytes.ContainsFunc(text, func(r rune) bool { return unsafe(r) || joins(r) || r == utf8.RuneError }) {
		return text
	}
	s := strings.ToValidUTF8(string(text), "\uFFFD")
	var out bytes.Buffer
	for i, r := range s {
		switch {
		case !unsafeAt(s, i, r):
			out.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		}
	}
	return out.Bytes()
}
