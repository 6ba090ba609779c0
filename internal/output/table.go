package output

import (
	"bufio"
	"iter"

	"github.com/mattn/go-runewidth"
)

// gap is what stands between two columns.
const gap = "  "

// grid is a table of cleaned texts with what the drawing needs.
type grid struct {
	titles []cell
	rows   [][]cell
	right  []bool
	keep   []bool
	widths []int
}

// writeTable writes an aligned table, fitted to the terminal. It is drawn when
// the whole list is there, so that an error shows nothing. An empty list shows
// nothing either: callers say so in words.
func writeTable[T any](p *Printer, columns []Column[T], items iter.Seq2[T, error]) error {
	n := len(columns)
	g := &grid{right: make([]bool, n), keep: make([]bool, n), widths: make([]int, n)}
	for i, c := range columns {
		g.keep[i] = c.Keep
		if !p.noHeader {
			g.titles = append(g.titles, cell{text: c.Title})
			g.widths[i] = width(c.Title)
		}
	}
	for item, err := range items {
		if err != nil {
			return err
		}
		g.add(row(columns, item))
	}
	if len(g.rows) == 0 {
		return nil
	}
	g.fit(p.width)
	return stream(p.out, func(w *bufio.Writer) error { return g.draw(w, p.color) })
}

// cell is one cleaned text, its mark, and whether it is a number.
type cell struct {
	text   string
	mark   Mark
	number bool
}

func row[T any](columns []Column[T], item T) []cell {
	out := make([]cell, len(columns))
	for i, c := range columns {
		value := c.Value(item)
		out[i] = cell{text: Clean(text(value, true)), number: numeric(value)}
		if c.Mark != nil {
			out[i].mark = c.Mark(item)
		}
		if out[i].mark == MarkLow && out[i].text != "" {
			out[i].text = "! " + out[i].text
		}
	}
	return out
}

func (g *grid) add(cells []cell) {
	for i, c := range cells {
		g.right[i] = g.right[i] || c.number
		g.widths[i] = max(g.widths[i], width(c.text))
	}
	g.rows = append(g.rows, cells)
}

// smallest is how far a column is shortened at most.
const smallest = 6

// fit takes width from the widest columns that may be shortened, until the
// table fits or no more can be taken: then it overflows rather than hide data.
func (g *grid) fit(terminal int) {
	total := len(gap) * (len(g.widths) - 1)
	for _, w := range g.widths {
		total += w
	}
	for total > terminal {
		widest := -1
		for i, w := range g.widths {
			if !g.keep[i] && w > smallest && (widest < 0 || w > g.widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		g.widths[widest]--
		total--
	}
}

// width is how many columns of a terminal a cleaned text takes.
func width(s string) int {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return runewidth.StringWidth(s)
		}
	}
	return len(s)
}
