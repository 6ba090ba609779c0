package output

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/mattn/go-runewidth"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/ll"
	"github.com/olekukonko/tablewriter/tw"
)

// gap is what stands between two columns.
const gap = "  "

// grid is a table of cleaned texts with what the drawing needs.
type grid struct {
	titles []string
	rows   [][]string
	marks  [][]Mark
	right  []bool
	keep   []bool
	widths []int
}

// writeTable writes an aligned table, fitted to the terminal. It is drawn when
// the whole list is there, so that an error shows nothing. An empty list shows
// nothing either: callers say so in words.
func writeTable[T any](p *Printer, columns []Column[T], items iter.Seq2[T, error]) error {
	g := &grid{}
	for _, c := range columns {
		g.titles = append(g.titles, c.Title)
		g.keep = append(g.keep, c.Keep)
		g.right = append(g.right, false)
		g.widths = append(g.widths, 0)
		if !p.noHeader {
			g.widths[len(g.widths)-1] = runewidth.StringWidth(c.Title)
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
	return stream(p.out, func(w *bufio.Writer) error { return g.draw(w, p) })
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
		if out[i].mark == MarkLow {
			out[i].text = "! " + out[i].text
		}
	}
	return out
}

func (g *grid) add(cells []cell) {
	texts, marks := make([]string, len(cells)), make([]Mark, len(cells))
	for i, c := range cells {
		texts[i], marks[i] = c.text, c.mark
		g.right[i] = g.right[i] || c.number
		g.widths[i] = max(g.widths[i], width(c.text))
	}
	g.rows, g.marks = append(g.rows, texts), append(g.marks, marks)
}

// smallest is how far a column is shortened at most.
const smallest = 6

// fit takes width from the widest columns that may be shortened, until the
// table fits or no more can be taken: then it overflows rather than hide data.
func (g *grid) fit(width int) {
	total := len(gap) * (len(g.widths) - 1)
	for _, w := range g.widths {
		total += w
	}
	for total > width {
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

// draw hands the rows to tablewriter with cells that are cut, aligned and
// painted already. Its own drawing breaks cells at spaces and counts joined
// emoji twice, so that it writes a row as several lines.
func (g *grid) draw(w *bufio.Writer, p *Printer) error {
	widths := tw.NewMapper[int, int]()
	for i := range g.widths {
		widths.Set(i, 0) // no width: tablewriter leaves the texts alone
	}
	table := tablewriter.NewTable(w,
		tablewriter.WithRenderer(&rowRenderer{}),
		tablewriter.WithConfig(tablewriter.Config{
			Header: tw.CellConfig{Formatting: tw.CellFormatting{AutoFormat: tw.Off}},
			Widths:   tw.CellWidth{PerColumn: widths},
			Behavior: tw.Behavior{TrimSpace: tw.Off, TrimLine: tw.Off, TrimTab: tw.Off},
		}),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithStreaming(tw.StreamConfig{Enable: true}),
	)
	if err := table.Start(); err != nil {
		return fmt.Errorf("drawing the table: %w", err)
	}
	if !p.noHeader {
		table.Header(g.line(g.titles, nil, p))
	}
	for i, texts := range g.rows {
		if err := table.Append(g.line(texts, g.marks[i], p)); err != nil {
			return fmt.Errorf("drawing the table: %w", err)
		}
	}
	return table.Close()
}

// line cuts a row's texts to the widths, aligns and paints them.
func (g *grid) line(texts []string, marks []Mark, p *Printer) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		wide := width(s)
		if wide > g.widths[i] {
			s = runewidth.Truncate(s, g.widths[i], "…")
			wide = width(s)
		}
		fill := strings.Repeat(" ", max(g.widths[i]-wide, 0))
		if marks != nil {
			s = paint(s, marks[i], p.color)
		}
		if g.right[i] {
			out[i] = fill + s
		} else {
			out[i] = s + fill
		}
	}
	return out
}

func width(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return runewidth.StringWidth(s)
		}
	}
	return len(s)
}

type rowRenderer struct{ w io.Writer }

func (r *rowRenderer) Start(w io.Writer) error { r.w = w; return nil }
func (r *rowRenderer) Header(h [][]string, _ tw.Formatting) { for _, l := range h { r.Row(l, tw.Formatting{}) } }
func (r *rowRenderer) Row(row []string, _ tw.Formatting) {
	fmt.Fprintln(r.w, strings.TrimRight(strings.Join(row, gap), " "))
}
func (r *rowRenderer) Footer([][]string, tw.Formatting) {}
func (r *rowRenderer) Line(tw.Formatting) {}
func (r *rowRenderer) Config() tw.Rendition { return tw.Rendition{Borders: tw.BorderNone, Settings: tw.Settings{Separators: tw.SeparatorsNone, Lines: tw.LinesNone}, Streaming: true, Symbols: tw.NewSymbols(tw.StyleNone)} }
func (r *rowRenderer) Close() error { return nil }
func (r *rowRenderer) Logger(*ll.Logger) {}
