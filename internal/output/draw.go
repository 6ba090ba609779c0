package output

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/mattn/go-runewidth"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// bookkept is the number of rows drawn by tablewriter. It keeps track of every cell
// for borders and merged cells, which these tables do not have, and which makes it
// many times slower than its renderer. The remaining rows of a longer table go to
// the renderer directly.
const bookkept = 1000

// draw writes the header and the rows.
func (g *grid) draw(w *bufio.Writer, color bool) error {
	widths := tw.NewMapper[int, int]()
	for i := range g.widths {
		widths.Set(i, 0) // without a width, tablewriter does not change the texts
	}
	lines := newLines(w)
	table := tablewriter.NewTable(w,
		tablewriter.WithRenderer(lines),
		tablewriter.WithConfig(tablewriter.Config{
			Widths:   tw.CellWidth{PerColumn: widths},
			Behavior: tw.Behavior{TrimSpace: tw.Off, TrimLine: tw.Off},
		}),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		// A Config treats "none" as unset, so cells would break at spaces.
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithStreaming(tw.StreamConfig{Enable: true}),
	)
	if err := table.Start(); err != nil {
		return fmt.Errorf("drawing the table: %w", err)
	}
	if g.titles != nil {
		table.Header(g.line(g.titles, color))
	}
	for i, cells := range g.rows {
		if i >= bookkept {
			lines.Row(g.line(cells, color), tw.Formatting{})
			continue
		}
		if err := table.Append(g.line(cells, color)); err != nil {
			return fmt.Errorf("drawing the table: %w", err)
		}
	}
	return table.Close()
}

// line shortens, aligns and colours the texts of a row. The space between columns is
// not coloured.
func (g *grid) line(cells []cell, color bool) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		s, taken := c.text, width(c.text)
		if taken > g.widths[i] {
			s = runewidth.Truncate(s, g.widths[i], "…")
			taken = width(s)
		}
		s = paint(s, c.mark, color)
		fill := strings.Repeat(" ", g.widths[i]-taken)
		if g.right[i] {
			out[i] = fill + s
		} else {
			out[i] = s + fill
		}
	}
	return out
}

// lines is a renderer for cells that are already aligned. tablewriter's own renderer
// counts a joined emoji as several characters and cuts off such cells.
type lines struct {
	*renderer.Blueprint
	w *bufio.Writer
}

func newLines(w *bufio.Writer) *lines {
	return &lines{w: w, Blueprint: renderer.NewBlueprint(tw.Rendition{
		Borders:   tw.BorderNone,
		Settings:  tw.Settings{Separators: tw.SeparatorsNone, Lines: tw.LinesNone},
		Streaming: true,
	})}
}

// Header writes the titles.
func (l *lines) Header(titles [][]string, _ tw.Formatting) {
	for _, t := range titles {
		l.Row(t, tw.Formatting{})
	}
}

// Row writes one line without trailing spaces. Errors are reported when the buffer
// is flushed.
func (l *lines) Row(cells []string, _ tw.Formatting) {
	_, _ = l.w.WriteString(strings.TrimRight(strings.Join(cells, gap), " ") + "\n")
}
