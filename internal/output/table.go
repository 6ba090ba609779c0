package output

import (
	"bufio"
	"iter"
	"slices"

	"github.com/mattn/go-runewidth"
)

// gap separates two columns.
const gap = "  "

// grid is a table of cleaned texts with what is needed to draw it.
type grid struct {
	titles []cell
	rows   [][]cell
	right  []bool
	keep   []bool
	whole  []bool // numbers and times
	spare  []int
	widths []int
	named  bool // columns were requested by name: none may be left out
}

// wideSpare is the spare number of wide columns without their own.
const wideSpare = 100

// writeTable writes an aligned table that fits the terminal. It draws the table once
// the list is complete, so that nothing is shown in case of an error. An empty list
// shows nothing either: callers print a message.
func writeTable[T any](p *Printer, columns []Column[T], items iter.Seq2[T, error]) error {
	n := len(columns)
	g := &grid{right: make([]bool, n), keep: make([]bool, n), whole: make([]bool, n), spare: make([]int, n), widths: make([]int, n), named: p.columns != nil}
	for i, c := range columns {
		g.keep[i] = c.Keep
		if !g.named {
			g.spare[i] = c.Spare
			if c.Wide && c.Spare == 0 {
				g.spare[i] = wideSpare
			}
		}
		if !p.noHeader {
			g.titles = append(g.titles, cell{text: c.Title, mark: MarkDim})
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
	left := g.fit(p.width)
	if err := stream(p.out, func(w *bufio.Writer) error { return g.draw(w, p.color) }); err != nil {
		return err
	}
	if p.leftOut != nil && p.format == Wide && len(left) > 0 {
		names := make([]string, len(left))
		for i, at := range left {
			names[i] = columns[at].Name
		}
		p.leftOut(names)
	}
	return nil
}

// cell is a cleaned text with its mark, and whether it is a number or a time.
type cell struct {
	text   string
	mark   Mark
	number bool
	time   bool
}

func row[T any](columns []Column[T], item T) []cell {
	out := make([]cell, len(columns))
	for i, c := range columns {
		value := c.Value(item)
		out[i] = cell{text: Clean(text(value, true)), number: numeric(value), time: timed(value)}
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
		g.whole[i] = g.whole[i] || c.number || c.time
		g.widths[i] = max(g.widths[i], width(c.text))
	}
	g.rows = append(g.rows, cells)
}

// smallest is the minimum width of a shortened column.
const smallest = 6

// fit leaves out spare columns until the table fits, then shortens the texts of the
// widest columns. If that is not enough, it leaves out columns without Keep, the last
// one first. A table with only Keep columns overflows rather than hide data. fit
// returns the positions of the columns left out.
func (g *grid) fit(terminal int) (left []int) {
	places := make([]int, len(g.widths))
	for i := range places {
		places[i] = i
	}
	leave := func(at int) {
		left = append(left, places[at])
		places = slices.Delete(places, at, at+1)
		g.remove(at)
	}
	for at := g.sparest(); at >= 0 && g.total(false) > terminal; at = g.sparest() {
		leave(at)
	}
	for at := g.last(); at > 0 && g.total(true) > terminal; at = g.last() {
		leave(at)
	}
	for total := g.total(false); total > terminal; total-- {
		widest := -1
		for i, w := range g.widths {
			if g.shortest(i) < w && (widest < 0 || w > g.widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		g.widths[widest]--
	}
	slices.Sort(left)
	return left
}

// total is the width of the table, or its minimum width if shortened.
func (g *grid) total(shortened bool) int {
	total := -len(gap)
	for i, w := range g.widths {
		if shortened {
			w = g.shortest(i)
		}
		total += len(gap) + w
	}
	return total
}

// shortest is the minimum width of a column. Columns with Keep, numbers and times
// cannot be shortened.
func (g *grid) shortest(i int) int {
	if g.keep[i] || g.whole[i] {
		return g.widths[i]
	}
	return min(g.widths[i], smallest)
}

// last returns the last column that may be left out although it is not spare, or -1
// if there is none.
func (g *grid) last() int {
	for i, keep := range slices.Backward(g.keep) {
		if !keep && !g.named {
			return i
		}
	}
	return -1
}

// sparest returns the spare column to leave out next, the last one with the highest
// number, or -1 if there is none.
func (g *grid) sparest() int {
	at := -1
	for i, n := range g.spare {
		if n > 0 && (at < 0 || n >= g.spare[at]) {
			at = i
		}
	}
	return at
}

func (g *grid) remove(at int) {
	g.right, g.keep, g.whole = slices.Delete(g.right, at, at+1), slices.Delete(g.keep, at, at+1), slices.Delete(g.whole, at, at+1)
	g.spare, g.widths = slices.Delete(g.spare, at, at+1), slices.Delete(g.widths, at, at+1)
	if g.titles != nil {
		g.titles = slices.Delete(g.titles, at, at+1)
	}
	for i, cells := range g.rows {
		g.rows[i] = slices.Delete(cells, at, at+1)
	}
}

// width is the width of a cleaned text on a terminal.
func width(s string) int {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return runewidth.StringWidth(s)
		}
	}
	return len(s)
}
