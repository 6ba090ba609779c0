package intake

import (
	"bytes"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// RawColumn is the column, in a file of rejected rows, for the text of a record that
// could not be read. Such a row is rejected until someone has filled in its columns.
const RawColumn = "_raw"

// rawColumn finds RawColumn in a header that may grow.
type rawColumn struct{ known, at int } // at is its index plus 1; 0: there is none

func (c *rawColumn) check(r *Reader) error {
	if header := r.src.header(); len(header) != c.known {
		c.known, c.at = len(header), slices.Index(header, RawColumn)+1
	}
	if c.at == 0 || c.at > len(r.row.Cells) || r.row.Cells[c.at-1] == "" {
		return nil
	}
	return &RowError{
		Pos:  r.src.pos(&r.row, c.at-1),
		What: "this row could not be read before: copy the contents of its cell " + RawColumn + " to the columns, and empty that cell",
	}
}

// Record returns the text of a row that NewRowReader has read. For CSV and TSV, the text
// begins at the given column.
func (r *Reader) Record(text []byte, column int) []byte {
	src, ok := r.src.(*cells)
	if !ok || column >= src.found {
		return text
	}
	line, at := src.in.FieldPos(column)
	for ; line > 1; line-- {
		text = text[bytes.IndexByte(text, '\n')+1:]
	}
	return text[at-1:]
}

// Members returns a JSON object in one line, with only the members that keep accepts. Each
// stays as written, except for white space.
func Members(object []byte, keep func(name string) bool) ([]byte, error) {
	in := jsontext.NewDecoder(bytes.NewReader(object))
	if _, err := in.ReadToken(); err != nil {
		return nil, err
	}
	out := []byte{'{'}
	for in.PeekKind() != '}' {
		key, err := in.ReadValue()
		if err != nil {
			return nil, err
		}
		name, err := jsontext.AppendUnquote(nil, key)
		if err != nil {
			return nil, err
		}
		written := slices.Clone(key)
		value, err := in.ReadValue()
		if err != nil {
			return nil, err
		}
		if !keep(string(name)) {
			continue
		}
		if err := value.Compact(); err != nil {
			return nil, err
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, written...), ':'), value...)
	}
	return append(out, '}'), nil
}
