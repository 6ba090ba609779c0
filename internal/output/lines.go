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
		if !p.noHeader {
			if err := writeLine(w, names(columns)); err != nil {
				return err
			}
		}
		cells := make([]string, len(columns))
		for item, err := range items {
			if err != nil {
				return err
			}
			for i, c := range columns {
				cells[i] = Clean(text(c.Value(item), false))
			}
			if err := writeLine(w, cells); err != nil {
				return err
			}
		}
		return nil
	})
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
		if !p.noHeader {
			if err := rows.Write(names(columns)); err != nil {
				return err
			}
		}
		cells := make([]string, len(columns))
		for item, err := range items {
			if err != nil {
				rows.Flush() // its error stays in w
				return err
			}
			for i, c := range columns {
				cells[i] = p.data(text(c.Value(item), false))
			}
			if err := writeRow(rows, w, cells); err != nil {
				return err
			}
		}
		rows.Flush()
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
