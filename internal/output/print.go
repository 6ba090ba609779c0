package output

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
)

// List writes a list. An error among the items ends it and is returned: json,
// yaml and tables on a terminal have printed nothing then, since a part must
// not pass for the whole; csv, jsonl, id and lines in a pipe have printed what
// came before. Nothing at all is an empty array, a header alone, or, on a
// terminal, nothing: callers say so in words.
func List[T any](p *Printer, v View[T], items iter.Seq2[T, error]) error {
	columns, err := v.choose(p)
	switch {
	case err != nil:
		return err
	case p.Structured():
		return p.writeValues(p.fields(names(columns)), anyOf(items))
	case p.format == ID:
		return writeIDs(p, v, items)
	case p.format == CSV:
		return writeCSV(p, columns, items)
	case p.terminal:
		return writeTable(p, columns, items)
	}
	return writeLines(p, columns, items)
}

// One writes a single thing: an object, a row under a header, or, on a
// terminal, a line a field.
func One[T any](p *Printer, v View[T], item T) error {
	columns, err := v.choose(p)
	switch {
	case err != nil:
		return err
	case p.Structured():
		return p.writeValue(p.fields(names(columns)), item)
	case p.tabular() && p.terminal:
		if p.columns == nil { // a line a field has room for all of them
			columns = v.Columns
		}
		return writeFields(p, columns, item)
	}
	return List(p, v, Items([]T{item}))
}

// Value writes something that has no columns: as YAML where that is asked for,
// a line an item of a list in jsonl, and as JSON in every other format.
func Value(p *Printer, v any) error {
	if p.format != JSONL {
		return p.writeValue(nil, v)
	}
	text, err := encode(nil, v)
	if err != nil {
		return err
	}
	items := []json.RawMessage{text}
	if text[0] == '[' {
		if err := json.Unmarshal(text, &items); err != nil {
			return err
		}
	}
	return p.writeValues(nil, anyOf(Items(items)))
}

// fields are what JSON is restricted to: what --columns names, nil without it.
func (p *Printer) fields(names []string) []string {
	if p.columns == nil {
		return nil
	}
	return names
}

func anyOf[T any](items iter.Seq2[T, error]) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for item, err := range items {
			if !yield(item, err) {
				return
			}
		}
	}
}

// stream writes through a buffer that is emptied whatever happens, so that what
// was written before an error stands.
func stream(out io.Writer, write func(*bufio.Writer) error) error {
	w := bufio.NewWriter(out)
	err := write(w)
	if errors.Is(err, errHalt) {
		err = nil
	}
	flushed := w.Flush()
	switch {
	case flushed == nil:
		return err
	case err == nil || errors.Is(err, flushed): // a buffer keeps its first error
		return fmt.Errorf("writing the answer: %w", flushed)
	}
	return errors.Join(err, fmt.Errorf("writing the answer: %w", flushed))
}
