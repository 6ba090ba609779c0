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

// writeCSV writes RFC 4180. Values are written as they are, but for control
// characters other than tabs and line breaks: a cell that begins with = is not
// altered, since data must come back as it went.
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
				rows.Flush()
				return errors.Join(err, rows.Error())
			}
			for i, c := range columns {
				cells[i] = clean(text(c.Value(item), false), "\n\t")
			}
			if err := rows.Write(cells); err != nil {
				return err
			}
		}
		rows.Flush()
		return rows.Error()
	})
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
