package output

import (
	"bufio"
	"encoding/csv"
	"errors"
	"iter"
	"strings"
)

// writeLines writes a table in a pipe: one tab-separated line per row. Tabs and line
// breaks in values are escaped, so that every row is exactly one line.
func writeLines[T any](p *Printer, columns []Column[T], items iter.Seq2[T, error]) error {
	return stream(p.out, func(w *bufio.Writer) error {
		return writeRows(p, columns, items, Clean, func(cells []string) error { return writeLine(w, cells) })
	})
}

// writeRows writes the header and the rows. It writes the header with the first row
// or at the end, so that a list that fails immediately prints nothing.
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

// writeCSV writes CSV according to RFC 4180. Values are unchanged, so that they can
// be read back, except that control characters other than tabs and line breaks are
// escaped. Cells that begin with =, +, - or @ are unchanged, too: in a spreadsheet,
// import the columns as text.
func writeCSV[T any](p *Printer, columns []Column[T], items iter.Seq2[T, error]) error {
	return stream(p.out, func(w *bufio.Writer) error {
		rows := csv.NewWriter(w)
		err := writeRows(p, columns, items, p.data, func(cells []string) error { return writeRow(rows, w, cells) })
		rows.Flush()
		if err != nil {
			return err // w reports write errors again on Flush
		}
		return rows.Error()
	})
}

// writeRow writes one row. A single blank cell is quoted, because readers skip empty
// lines.
func writeRow(rows *csv.Writer, w *bufio.Writer, cells []string) error {
	if len(cells) != 1 || cells[0] != "" {
		return rows.Write(cells)
	}
	rows.Flush()
	return errors.Join(rows.Error(), writeLine(w, []string{`""`}))
}

// data cleans a text for programs, keeping its tabs and line breaks. On a terminal it
// is the same as Clean.
func (p *Printer) data(s string) string {
	if p.terminal {
		return clean(s, "\n\t")
	}
	return cleanData(s, "\n\t")
}

// writeIDs writes one id per line and skips items without an id.
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
