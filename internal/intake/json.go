package intake

import "errors"

// json reads a text with one JSON document.
func (g *gatherer) json(text []byte) {
	t := &tree{scanner: newScanner(text), limit: maxDepth, places: newWalker(g.file, text, 1)}
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

// validJSON reports whether the whole text is JSON.
func validJSON(text []byte) bool {
	t := &tree{scanner: newScanner(text), limit: maxDepth, places: newWalker("", text, 1)}
	_, err := t.value(1)
	return err == nil && t.ending() == nil
}

// tree builds values from JSON.
type tree struct {
	*scanner
	limit  int // how deep maps and lists may be nested
	places *walker
	twice  []repeated
}

// repeated is a key that its mapping already has.
type repeated struct {
	name      string
	first, at Pos
}

// ending returns an error if anything follows the document.
func (t *tree) ending() error {
	switch at := t.start(); t.first() {
	case 0:
		return nil
	case '{', '[':
		return t.fail(at, "a second document begins here: write several records as one list, [{…}, {…}]")
	default:
		return t.fail(at, "the document ended before this: remove the rest")
	}
}

func (t *tree) value(depth int) (Value, error) {
	at := t.start()
	v := Value{Pos: t.places.pos(at)}
	c := t.first()
	if c != '{' && c != '[' {
		var err error
		v.Type, v.Text, err = t.scalar()
		return v, err
	}
	if depth > t.limit {
		return v, t.fail(at, "is nested more than %d deep", t.limit)
	}
	_, err := t.token()
	switch {
	case err != nil:
		return v, err
	case c == '{':
		v.Type = Map
		v.Fields, err = t.object(depth)
	default:
		v.Type = List
		v.Items, err = t.array(depth)
	}
	if err == nil {
		_, err = t.token() // the closing bracket
	}
	return v, err
}

func (t *tree) object(depth int) ([]Field, error) {
	var fields []Field
	seen := keys{}
	for t.in.PeekKind() != '}' {
		f := Field{Pos: t.places.pos(t.start())}
		name, err := t.token()
		if err != nil {
			return nil, err
		}
		f.Name = name.String()
		if first, ok := seen.add(f.Name, f.Pos); !ok {
			t.twice = append(t.twice, repeated{f.Name, first, f.Pos})
		}
		if f.Value, err = t.value(depth + 1); err != nil {
			return nil, err
		}
		fields = append(fields, f)
	}
	return fields, nil
}

func (t *tree) array(depth int) ([]Value, error) {
	var items []Value
	for t.in.PeekKind() != ']' {
		v, err := t.value(depth + 1)
		if err != nil {
			return nil, err
		}
		items = append(items, v)
	}
	return items, nil
}

// keys finds duplicate names in a mapping.
type keys map[string]Pos

// add adds a name. If the name exists, it returns its first position and false.
func (k keys) add(name string, at Pos) (first Pos, ok bool) {
	if first, twice := k[name]; twice {
		return first, false
	}
	k[name] = at
	return at, true
}
