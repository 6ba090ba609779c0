package columns

import (
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/stock"
)

// Unfamiliar is the error for a table that has unknown columns, or lacks required ones.
// The user can map its columns.
type Unfamiliar struct {
	Err     error
	Mode    Mode
	Columns []Column
}

func (u *Unfamiliar) Error() string { return u.Err.Error() }

// Unwrap returns the error that lists what is wrong.
func (u *Unfamiliar) Unwrap() error { return u.Err }

// Column is a column of the table.
type Column struct {
	Header string
	Field  string   // what it is mapped to; blank: nothing yet
	Guess  string   // the most likely field, if Field is blank; blank: none
	Values []string // of the first rows
}

// maxValues is how many values of a column are shown.
const maxValues = 3

// Unfamiliar returns the error with the columns of the table, for a dialogue. It returns
// err alone if mapping the columns would not help.
func (p *Parser) Unfamiliar(err error) error {
	c := p.Mapping
	missing := c.missing()
	if len(missing) == 0 && len(c.unknown) == 0 || c.advice(missing, false) != "" {
		return err
	}
	out := &Unfamiliar{Err: err, Mode: c.mode}
	for i, name := range c.names {
		one := Column{Header: name}
		switch {
		case c.target[i] >= 0:
			one.Field = c.fields[c.target[i]]
			if g := c.cell[i]; g > 0 {
				one.Field += "@" + c.Groups[g-1].warehouse
			}
		case c.dims[i] != "" || strings.HasPrefix(name, "_") || name == "":
			one.Field = fieldNone
		}
		if r, ok := c.rule(name); ok && r.Field == fieldNone {
			one.Field = fieldNone
		}
		out.Columns = append(out.Columns, one)
	}
	out.guess(c, missing)
	for range maxValues {
		raw, err := p.reader.Next()
		if err != nil { // reported when the rows are read again
			break
		}
		for i := range min(len(raw.Cells), len(out.Columns)) {
			if text := strings.TrimSpace(raw.Cells[i]); text != "" {
				out.Columns[i].Values = append(out.Columns[i].Values, text)
			}
		}
	}
	return out
}

// guess sets the most likely fields, the required ones first.
func (u *Unfamiliar) guess(c *Mapping, missing []string) {
	rest := slices.DeleteFunc(slices.Clone(c.fields), func(field string) bool { return slices.Contains(itemFields(), field) })
	for _, field := range slices.Concat(missing, rest) {
		name, is := guess(c, field)
		if is == fieldWarehouse && !c.Has(is) && name == c.place() {
			u.ask(name)
		}
		if at := slices.IndexFunc(u.Columns, func(one Column) bool { return one.Header == name && one.Field == "" }); name != "" && at >= 0 && u.Columns[at].Guess == "" && !c.Has(is) && !u.guessed(is) {
			u.Columns[at].Guess = is
		}
	}
	wide := c.wideColumn()
	for i, one := range u.Columns {
		if one.Field == "" && one.Guess == "" && wide != "" && c.pattern(one.Header) == wide {
			before, after, _ := strings.Cut(wide, "*")
			u.Columns[i].Guess = quantityOf(c.mode) + "@" + one.Header[len(before):len(one.Header)-len(after)]
		}
		if slices.Contains(c.passed, one.Header) && u.Columns[i].Guess == "" {
			u.Columns[i].Field = fieldNone
		}
	}
}

// ask marks a column as open, so that the user is asked what it is.
func (u *Unfamiliar) ask(name string) {
	if at := slices.IndexFunc(u.Columns, func(one Column) bool { return one.Header == name }); at >= 0 {
		u.Columns[at].Field = ""
	}
}

func (u *Unfamiliar) guessed(field string) bool {
	return slices.ContainsFunc(u.Columns, func(one Column) bool { return one.Guess == field })
}

// Quantity returns a field as layouts name it, since a layout is for several modes.
func (u *Unfamiliar) Quantity(field string) string {
	name, place, wide := strings.Cut(field, "@")
	switch {
	case name != quantityOf(u.Mode):
		return field
	case wide:
		return fieldQuantity + "@" + place
	}
	return fieldQuantity
}

// Meaning describes a field to a person who has to choose one.
func Meaning(field string) string {
	name, place, wide := strings.Cut(field, "@")
	if wide && name != fieldQty {
		return "the quantity in " + place
	}
	switch name {
	case fieldSKUCode:
		return "your own code for the item"
	case fieldBarcode:
		return "the barcode"
	case fieldName:
		return "the exact name of the product"
	case fieldOnHand:
		return "the quantity on hand"
	case fieldCounted:
		return "the quantity counted"
	case fieldQty:
		return "the quantity moved"
	case fieldAction:
		return "RECEIVED, SOLD, DAMAGED and so on"
	case fieldReference:
		return "the order or delivery"
	case fieldNotes:
		return "a remark"
	case fieldBaseline:
		return "on hand when the file was made"
	case FieldRecord:
		return "the id of the record"
	case FieldFrom:
		return "the sending warehouse"
	case FieldTo:
		return "the receiving warehouse"
	}
	return stock.FieldOf(name).Meaning
}
