package intake

import "errors"

// json reads a text that is one JSON document.
func (g *gatherer) json(text []byte) {
	t := &tree{scanner: scanner{text: text}, limit: maxDepth, places: newWalker(g.file, text, 1)}
	v, err := t.value(1)
	if err == nil {
		err = t.ending()
	}
	for _, twice := range t.twice {
		g.twice(twice.name, twice.first, twice.at)
	}
	if bad := (*fault)(nil); errors.As(err, &bad) {
		g.fail(t.places.pos(bad.offset), "%s", bad.what)
		return
	}
	g.add(v, true)
}

// validJSON tells whether a text is JSON from its first character to its last.
func validJSON(text []byte) bool {
	t := &tree{scanner: scanner{text: text}, limit: maxDepth, places: newWalker("", text, 1)}
	_, err := t.value(1)
	return err == nil && t.ending() == nil
}

// tree builds values out of JSON.
type tree struct {
	scanner
	limit  int // how deep maps and lists may be nested
	places *walker
	twice  []repeated
}

// repeated is a key that a mapping holds already.
type repeated struct {
	name      string
	first, at Pos
}

// ending makes sure that nothing follows the document.
func (t *tree) ending() error {
	switch t.space() {
	case 0:
		return nil
	case '{', '[':
		return t.fail(t.at, "a second document begins here: write several records as one list, [{…}, {…}]")
	}
	return t.fail(t.at, "the document ended before this: take the rest away")
}

func (t *tree) value(depth int) (Value, error) {
	c := t.space()
	if t.at >= len(t.text) {
		return Value{}, t.unexpected("a value")
	}
	v := Value{Pos: t.places.pos(t.at)}
	if depth > t.limit && (c == '{' || c == '[') {
		return v, t.fail(t.at, "is nested more than %d deep", t.limit)
	}
	var err error
	switch c {
	case '{':
		v.Type = Map
		v.Fields, err = t.object(depth)
	case '[':
		v.Type = List
		v.Items, err = t.array(depth)
	case '"':
		v.Type = Text
		v.Text, err = t.quoted()
	default:
		v.Type, v.Text, err = t.literal()
	}
	return v, err
}

func (t *tree) object(depth int) ([]Field, error) {
	var fields []Field
	seen := keys{}
	t.at++
	if t.space() == '}' {
		t.at++
		return fields, nil
	}
	for {
		if t.space() != '"' {
			return nil, t.unexpected("a key in double quotes")
		}
		f := Field{Pos: t.places.pos(t.at)}
		var err error
		if f.Name, err = t.quoted(); err != nil {
			return nil, err
		}
		if first, ok := seen.add(f.Name, f.Pos); !ok {
			t.twice = append(t.twice, repeated{f.Name, first, f.Pos})
		}
		if t.space() != ':' {
			return nil, t.unexpected("a colon after the key")
		}
		t.at++
		if f.Value, err = t.value(depth + 1); err != nil {
			return nil, err
		}
		fields = append(fields, f)
		if more, err := t.comma('}'); err != nil || !more {
			return fields, err
		}
	}
}

func (t *tree) array(depth int) ([]Value, error) {
	var items []Value
	t.at++
	if t.space() == ']' {
		t.at++
		return items, nil
	}
	for {
		v, err := t.value(depth + 1)
		if err != nil {
			return nil, err
		}
		items = append(items, v)
		if more, err := t.comma(']'); err != nil || !more {
			return items, err
		}
	}
}

// comma reads what follows a member: a comma and another member, or the end.
func (s *scanner) comma(closing byte) (more bool, err error) {
	switch s.space() {
	case closing:
		s.at++
		return false, nil
	case ',':
		comma := s.at
		s.at++
		if s.space() == closing {
			return false, s.fail(comma, "a comma stands before %c: take it away", closing)
		}
		return true, nil
	}
	return false, s.unexpected("a comma or " + string(closing))
}

// keys finds names that stand twice in one mapping.
type keys map[string]Pos

// add returns the place where the name stood before, and false, if it did.
func (k keys) add(name string, at Pos) (first Pos, ok bool) {
	if first, twice := k[name]; twice {
		return first, false
	}
	k[name] = at
	return at, true
}
