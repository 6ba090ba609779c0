package output

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
)

// List writes a list. It stops at the first error and returns it. json, yaml and
// tables on a terminal then print nothing, so that a part is never mistaken for the
// complete list; csv, jsonl, id and lines in a pipe have printed the items before. An
// empty list is an empty array, only a header, or, on a terminal, nothing: callers
// print a message.
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

// One writes a single item: an object, a row under a header, or, on a terminal, one
// line per field.
func One[T any](p *Printer, v View[T], item T) error {
	columns, err := v.choose(p)
	switch {
	case err != nil:
		return err
	case p.Structured():
		return p.writeValue(p.fields(names(columns)), item)
	case p.tabular() && p.terminal:
		if p.columns == nil { // with one line per field, all of them fit
			columns = v.Columns
		}
		return writeFields(p, columns, item)
	}
	return List(p, v, Items([]T{item}))
}

// Value writes a value without columns: as YAML if that is the format, as one line
// per item of a list in jsonl, and otherwise as JSON.
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

// fields returns the fields for JSON: those of --columns, or nil without it.
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

// stream writes through a buffer that is always flushed, so that output before an
// error is not lost.
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
	case err == nil || errors.Is(err, flushed): // a buffer repeats its first error
		return fmt.Errorf("writing the output: %w", flushed)
	}
	return errors.Join(err, fmt.Errorf("writing the output: %w", flushed))
}
