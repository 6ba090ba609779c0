package output

import (
	"iter"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
)

// Mark is the emphasis of a cell on a terminal.
type Mark int

// The marks. MarkLow shows a sign as well as a colour, for those who see none.
const (
	MarkNone Mark = iota
	MarkLow
	MarkOK
	MarkDim
)

// Column tells how one field of a thing is shown. Value returns a string,
// integer, bool, time, fmt.Stringer, map of strings, a pointer to one of them,
// or nil for a blank.
type Column[T any] struct {
	Name  string // the API's field name: for --columns, csv and pipes
	Title string // the header on a terminal
	Value func(T) any
	Mark  func(T) Mark // nil: none
	Wide  bool         // not in table; in wide, in csv and by name
	Keep  bool         // never shortened to fit the terminal
	// Spare columns are left out of a table that is too wide for the terminal,
	// those with the highest number first, before any text is shortened. Wide
	// columns without a number of their own go before the others.
	Spare int
}

// View tells how a thing is shown.
type View[T any] struct {
	Columns []Column[T]
	// People are the columns of a table on a terminal; nil: Columns serve there,
	// too. They have names of their own, which --columns does not know.
	People []Column[T]
	ID     func(T) string // nil: it has none
}

// Through is the view of things that hold what another view shows.
func Through[T, U any](v View[T], inside func(U) T) View[U] {
	all := func(columns []Column[T]) []Column[U] {
		var out []Column[U]
		for _, c := range columns {
			column := Column[U]{Name: c.Name, Title: c.Title, Wide: c.Wide, Keep: c.Keep, Spare: c.Spare, Value: func(u U) any { return c.Value(inside(u)) }}
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

// Shows tells whether an answer will hold any of the named fields, so that what
// is costly to find out is not asked for nothing. A table for a person holds
// whatever its columns take.
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

// forPeople tells whether the columns for people are shown.
func (v View[T]) forPeople(p *Printer) bool {
	return v.People != nil && p.ForPeople()
}

// Items makes a list of what is there already.
func Items[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range list {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// Check tells whether the printer can show the view: whether --columns names
// its fields, and it has ids when those are asked for. Callers run it before
// the first request, so that a wrong name costs nothing.
func Check[T any](p *Printer, v View[T]) error {
	_, err := v.choose(p)
	return err
}

// choose returns the columns to show: those named, or those of the format.
func (v View[T]) choose(p *Printer) ([]Column[T], error) {
	if p.format == ID && v.ID == nil {
		return nil, failure.Usagef("the output format id does not go with this command: what it shows has none")
	}
	if p.columns == nil {
		if v.forPeople(p) {
			return v.People, nil
		}
		if p.format == Table {
			return slices.DeleteFunc(slices.Clone(v.Columns), func(c Column[T]) bool { return c.Wide }), nil
		}
		return v.Columns, nil
	}
	var out []Column[T]
	for _, name := range p.columns {
		name = strings.TrimSpace(name)
		i := slices.IndexFunc(v.Columns, func(c Column[T]) bool { return strings.EqualFold(c.Name, name) })
		if i < 0 {
			return nil, unknownColumn(name, names(v.Columns))
		}
		if !slices.ContainsFunc(out, func(c Column[T]) bool { return c.Name == v.Columns[i].Name }) {
			out = append(out, v.Columns[i]) // once: an object has no field twice
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
