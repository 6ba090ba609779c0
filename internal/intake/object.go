package intake

import (
	"bytes"
	"encoding/json"
)

// objects turns JSON objects into the cells of rows.
type objects struct {
	names   []string
	index   map[string]int
	cells   []string
	places  []int // offset of each cell in the text, -1 when it is absent
	compact bytes.Buffer
}

func newObjects() *objects { return &objects{index: map[string]int{}} }

// parse reads the object that fills the text. A *fault says what is wrong; the
// cells read so far stand.
func (o *objects) parse(text []byte) error {
	o.clear()
	if at, what := badCharacter(text); what != "" {
		return &fault{at, what}
	}
	s := scanner{text: text}
	if s.space() != '{' {
		return s.unexpected("an object, {…}")
	}
	s.at++
	more := s.space() != '}'
	if !more {
		s.at++
	}
	for more {
		err := o.member(&s)
		if err == nil {
			more, err = s.comma('}')
		}
		if err != nil {
			return err
		}
	}
	if s.space(); s.at < len(s.text) {
		return s.fail(s.at, "text follows the object: begin each object on a line of its own")
	}
	return nil
}

func (o *objects) clear() {
	for i := range o.cells {
		o.cells[i], o.places[i] = "", -1
	}
}

// member reads one key and its value.
func (o *objects) member(s *scanner) error {
	if s.space() != '"' {
		return s.unexpected("a key in double quotes")
	}
	keyAt := s.at
	i, err := o.column(s)
	if err != nil {
		return err
	}
	if o.places[i] >= 0 {
		return s.fail(keyAt, "the key %q stands twice", clip(o.names[i]))
	}
	if s.space() != ':' {
		return s.unexpected("a colon after the key")
	}
	s.at++
	s.space()
	o.places[i] = s.at
	o.cells[i], err = o.cell(s)
	return err
}

// column finds the column of the key that comes, adding it when it is new.
func (o *objects) column(s *scanner) (int, error) {
	start := s.at
	if end := bytes.IndexByte(s.text[start+1:], '"'); end >= 0 {
		// A key without escapes that is known already costs nothing.
		if i, ok := o.index[string(s.text[start+1:start+1+end])]; ok {
			s.at = start + end + 2
			return i, nil
		}
	}
	name, err := s.quoted()
	if err != nil {
		return 0, err
	}
	if i, ok := o.index[name]; ok {
		return i, nil
	}
	if len(o.names) == maxColumns {
		return 0, s.fail(start, "the objects have more than %d different keys", maxColumns)
	}
	o.index[name] = len(o.names)
	o.names = append(o.names, name)
	o.cells = append(o.cells, "")
	o.places = append(o.places, -1)
	return len(o.names) - 1, nil
}

// cell reads a value as text. An object or list may hold plain values only.
func (o *objects) cell(s *scanner) (string, error) {
	if s.at >= len(s.text) {
		return "", s.unexpected("a value")
	}
	switch s.text[s.at] {
	case '"':
		return s.quoted()
	case '{', '[':
		start := s.at
		t := &tree{scanner: *s, limit: 2, places: newWalker("", s.text, 1)}
		if _, err := t.value(2); err != nil {
			return "", err
		}
		if len(t.twice) > 0 {
			return "", s.fail(start, "the key %q stands twice in it", clip(t.twice[0].name))
		}
		s.at = t.at
		o.compact.Reset()
		err := json.Compact(&o.compact, s.text[start:s.at])
		return o.compact.String(), err
	}
	kind, text, err := s.literal()
	if kind == Null {
		text = ""
	}
	return text, err
}

// spoilt places a fault of a text that begins at a line and column of a file.
func (o *objects) spoilt(file string, text []byte, line, column int, bad *fault) *RowError {
	return &RowError{Pos: placed(file, text, line, column, bad.offset), What: bad.what}
}

// placed is the place of an offset in a text that begins in the middle of a
// file.
func placed(file string, text []byte, line, column, offset int) Pos {
	at := newWalker(file, text, line).pos(offset)
	if at.Line == line {
		at.Column += column - 1
	}
	return at
}
