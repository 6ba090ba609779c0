package output

import (
	"bufio"
	"encoding/csv"
	"errors"
	"iter"
	"strings"
)

// writeLines writes a row a line, tab-separated: what a table is in a pipe.
// Tabs and line breaks inside a value are made visible, so that a row is one
// line whatever it holds.
func writeLines[T any](p *Printer, columns []Column[T], items iter.Seq2[T, error]) error {
	return stream(p.out, func(w *bufio.Writer) error {
		return writeRows(p, columns, items, Clean, func(cells []string) error { return writeLine(w, cells) })
	})
}

// writeRows writes the header and the rows. The header waits for the first row
// or the end: a list that fails at once prints nothing.
func writeRows[T any](p *Printer, columns []Column[T], items iter.Seq2[T, error], show func(string) string, write func([]string) error) error {
	header := names(columns)
	if p.noHeader {
		header = nil
	}
	cells := make([]string, len(columns))
	for item, err := range items {
		if err != nil {
			return err
		}
		if header != nil {
			if err := write(header); err != nil {
				return err
			}
			header = nil
		}
		for i, c := range columns {
			cells[i] = show(text(c.Value(item), false))
		}
		if err := write(cells); err != nil {
			return err
		}
	}
	if header != nil {
		return write(header)
	}
	return nil
}

func writeLine(w *bufio.Writer, cells []string) error {
	_, err := w.WriteString(strings.Join(cells, "\t") + "\n")
	return err
}

// writeCSV writes RFC 4180. Values are written as they are, so that data comes
// back as it went; only control characters other than tabs and line breaks are
// made visible. A cell that begins with =, +, - or @ is not altered either: who
// opens the file in a spreadsheet should import its columns as text.
func writeCSV[T any](p *Printer, columns []Column[T], items iter.Seq2[T, error]) error {
	return stream(p.out, func(w *bufio.Writer) error {
		rows := csv.NewWriter(w)
		err := writeRows(p, columns, items, p.data, func(cells []string) error { return writeRow(rows, w, cells) })
		rows.Flush()
		if err != nil {
			return err // an error of writing stays in w, too
		}
		return rows.Error()
	})
}

// writeRow writes one row. A row of one blank cell would be an empty line, which
// readers skip: it gets quotes.
func writeRow(rows *csv.Writer, w *bufio.Writer, cells []string) error {
	if len(cells) != 1 || cells[0] != "" {
		return rows.Write(cells)
	}
	rows.Flush()
	return errors.Join(rows.Error(), writeLine(w, []string{`""`}))
}

// data makes a text fit for a program to read, with its tabs and line breaks;
// a terminal shows no more than Clean lets it.
func (p *Printer) data(s string) string {
	if p.terminal {
		return clean(s, "\n\t")
	}
	return cleanData(s, "\n\t")
}

// writeIDs writes one id a line; a thing without one has no line.
func writeIDs[T any](p *Printer, v View[T], items iter.Seq2[T, error]) error {
	return stream(p.out, func(w *bufio.Writer) error {
		for item, err := range items {
			if err != nil {
				return err
			}
			if id := v.ID(item); id != "" {
				if err := writeLine(w, []string{Clean(id)}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
