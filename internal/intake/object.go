package intake

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// objects converts JSON objects to the cells of rows.
type objects struct {
	names   []string
	index   map[string]int // by the name as written, including quotes
	cells   []string
	places  []int // the offset of each cell in the text, or -1 if it is absent
	compact bytes.Buffer
	in      *scanner
}

func newObjects() *objects { return &objects{index: map[string]int{}, in: newScanner(nil)} }

// name adds columns before any object has them.
func (o *objects) name(columns []string) {
	for i, name := range columns {
		o.index[name] = i
		o.names, o.cells, o.places = append(o.names, name), append(o.cells, ""), append(o.places, -1)
	}
}

// parse reads a text that is one object. If it returns a *fault, the cells read so
// far are kept.
func (o *objects) parse(text []byte) error {
	o.clear()
	if at, what := badCharacter(text); what != "" {
		return &fault{at, what}
	}
	s := o.in
	s.reset(text)
	if s.first() != '{' {
		return s.unexpected(s.start(), "an object, {…}")
	}
	if _, err := s.token(); err != nil {
		return err
	}
	for s.in.PeekKind() != '}' {
		if err := o.member(s); err != nil {
			return err
		}
	}
	if _, err := s.token(); err != nil {
		return err
	}
	if s.first() != 0 {
		return s.fail(s.start(), "text follows the object: begin each object on a new line")
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
	keyAt := s.start()
	i, err := o.column(s)
	if err != nil {
		return err
	}
	if o.places[i] >= 0 {
		return s.fail(keyAt, "duplicate key %q", clip(o.names[i]))
	}
	at := s.start()
	if o.cells[i], err = o.cell(s); err == nil || at < len(s.text) {
		o.places[i] = min(at, len(s.text))
	}
	return err
}

// column finds the column of the next key, and adds it if it is new.
func (o *objects) column(s *scanner) (int, error) {
	start := s.start()
	if s.first() != '"' {
		_, err := s.token()
		return 0, err
	}
	raw, err := s.in.ReadValue()
	if err != nil {
		return 0, s.fault(err, start)
	}
	// Looking up the name as written makes known names cheap.
	if i, ok := o.index[string(raw)]; ok {
		return i, nil
	}
	written := string(raw)
	unquoted, err := jsontext.AppendUnquote(nil, raw)
	if err != nil {
		return 0, s.fail(start, "this key cannot be read")
	}
	i := slices.Index(o.names, string(unquoted))
	if i < 0 {
		if len(o.names) == maxColumns {
			return 0, s.fail(start, "the objects have more than %d different keys", maxColumns)
		}
		i = len(o.names)
		o.names = append(o.names, string(unquoted))
		o.cells = append(o.cells, "")
		o.places = append(o.places, -1)
	}
	if len(o.index) < 2*maxColumns {
		o.index[written] = i
	}
	return i, nil
}

// cell reads a value as text. An object or a list may contain only scalars.
func (o *objects) cell(s *scanner) (string, error) {
	start := s.start()
	if c := s.first(); c == '{' || c == '[' {
		t := &tree{scanner: s, limit: 2, places: newWalker("", s.text, 1)}
		if _, err := t.value(2); err != nil {
			return "", err
		}
		if len(t.twice) > 0 {
			return "", s.fail(start, "duplicate key %q in this value", clip(t.twice[0].name))
		}
		o.compact.Reset()
		err := json.Compact(&o.compact, s.text[start:s.in.InputOffset()])
		return o.compact.String(), err
	}
	kind, text, err := s.scalar()
	if kind == Null {
		text = ""
	}
	return text, err
}

// spoilt returns the error for a fault in a text that begins at a line and column.
func (o *objects) spoilt(file string, text []byte, line, column int, bad *fault) *RowError {
	return &RowError{Pos: placed(file, text, line, column, bad.offset), What: bad.what}
}

// placed returns the position of an offset in a text that begins inside a file.
func placed(file string, text []byte, line, column, offset int) Pos {
	at := newWalker(file, text, line).pos(offset)
	if at.Line == line {
		at.Column += column - 1
	}
	return at
}
