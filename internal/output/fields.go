package output

import (
	"bufio"
	"strings"
)

// writeFields writes one item on a terminal: one line per field, without blank
// fields.
func writeFields[T any](p *Printer, columns []Column[T], item T) error {
	cells := row(columns, item)
	widest := 0
	for i, c := range columns {
		if cells[i].text != "" {
			widest = max(widest, width(c.Title))
		}
	}
	return stream(p.out, func(w *bufio.Writer) error {
		for i, c := range columns {
			if cells[i].text == "" {
				continue
			}
			title := paint(c.Title, MarkDim, p.color) + strings.Repeat(" ", widest-width(c.Title))
			if _, err := w.WriteString(title + gap + paint(cells[i].text, cells[i].mark, p.color) + "\n"); err != nil {
				return err
			}
		}
		return nil
	})
}

// paint colours a text according to its mark.
func paint(s string, mark Mark, color bool) string {
	code := map[Mark]string{MarkLow: "31", MarkOK: "32", MarkDim: "2"}[mark]
	if !color || code == "" || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}
