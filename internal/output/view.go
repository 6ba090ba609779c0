package output

import (
	"iter"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// Mark is the emphasis of a cell on a terminal.
type Mark int

// The marks. MarkLow adds a sign to the colour, for people who cannot see colours.
const (
	MarkNone Mark = iota
	MarkLow
	MarkOK
	MarkDim
)

// Column describes how one field of an item is shown. Value returns a string,
// integer, bool, time, fmt.Stringer, map of strings, a pointer to one of these, or
// nil for a blank.
type Column[T any] struct {
	Name  string // the API's field name: for --columns, csv and pipes
	Title string // the header on a terminal
	Value func(T) any
	Mark  func(T) Mark // nil: none
	Wide  bool         // shown only in wide, in csv and by name
	Only  Format       // shown by itself in this format alone; blank: in any
	Keep  bool         // never shortened to fit the terminal
	// Columns with a Spare number are left out of a table that is too wide for the
	// terminal, the highest number first, before any text is shortened. Wide
	// columns without a number are left out before the others.
	Spare int
	// Width is how wide the column is in a table that never ends, whatever its
	// values are; 0: as wide as the values so far.
	Width int
}

// View describes how an item is shown.
type View[T any] struct {
	Columns []Column[T]
	// People are the columns of a table on a terminal; nil means Columns. Their
	// names cannot be used with --columns.
	People []Column[T]
	ID     func(T) string // nil if items have no id
}

// Through returns the view of items that contain an item of another view.
func Through[T, U any](v View[T], inside func(U) T) View[U] {
	all := func(columns []Column[T]) []Column[U] {
		var out []Column[U]
		for _, c := range columns {
			column := Column[U]{Name: c.Name, Title: c.Title, Wide: c.Wide, Only: c.Only, Keep: c.Keep, Spare: c.Spare, Width: c.Width, Value: func(u U) any { return c.Value(inside(u)) }}
			if c.Mark != nil {
				column.Mark = func(u U) Mark { return c.Mark(inside(u)) }
			}
			out = append(out, column)
		}
		return out
	}
	out := View[U]{Columns: all(v.Columns), People: all(v.People)}
	if v.ID != nil {
		out.ID = func(u U) string { return v.ID(inside(u)) }
	}
	return out
}

// Shows reports whether the output will contain any of the named fields, so that
// expensive values are only requested if needed. For a table with People columns it
// is always true.
func Shows[T any](p *Printer, v View[T], fields ...string) bool {
	switch {
	case p.format == ID:
		return false
	case p.Structured() && p.columns == nil:
		return true
	case v.forPeople(p):
		return true
	}
	columns, err := v.choose(p)
	return err == nil && slices.ContainsFunc(columns, func(c Column[T]) bool { return slices.Contains(fields, c.Name) })
}

// forPeople reports whether the People columns are shown.
func (v View[T]) forPeople(p *Printer) bool {
	return v.People != nil && p.ForPeople()
}

// Items turns a slice into a list.
func Items[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range list {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// Check returns an error if the printer cannot show the view: --columns has an unknown
// name, or the format is id and the items have none. Callers run it before the first
// request.
func Check[T any](p *Printer, v View[T]) error {
	_, err := v.choose(p)
	return err
}

// choose returns the columns to show: those requested, or those of the format.
func (v View[T]) choose(p *Printer) ([]Column[T], error) {
	if p.format == ID && v.ID == nil {
		return nil, failure.Usagef("the output format id does not work with this command: its results have no ids")
	}
	if p.columns == nil {
		if v.forPeople(p) {
			return v.People, nil
		}
		if p.format == Table {
			return slices.DeleteFunc(slices.Clone(v.Columns), func(c Column[T]) bool { return c.Wide }), nil
		}
		return slices.DeleteFunc(slices.Clone(v.Columns), func(c Column[T]) bool { return c.Only != "" && c.Only != p.format }), nil
	}
	var out []Column[T]
	for _, name := range p.columns {
		name = strings.TrimSpace(name)
		i := slices.IndexFunc(v.Columns, func(c Column[T]) bool { return strings.EqualFold(c.Name, name) })
		if i < 0 {
			return nil, unknownColumn(name, names(v.Columns))
		}
		if !slices.ContainsFunc(out, func(c Column[T]) bool { return c.Name == v.Columns[i].Name }) {
			out = append(out, v.Columns[i]) // only once: an object cannot repeat a field
		}
	}
	return out, nil
}

func unknownColumn(name string, known []string) error {
	err := failure.Usagef("unknown column %q", name)
	if near := failure.Nearest(name, known); len(near) > 0 {
		err = failure.Usagef("unknown column %q: did you mean %s?", name, near[0])
	}
	return err.Hint("the columns are %s", strings.Join(known, ", "))
}

func names[T any](columns []Column[T]) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.Name
	}
	return out
}
