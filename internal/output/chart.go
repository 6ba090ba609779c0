package output

import (
	"bufio"
	"strconv"
	"strings"

	"github.com/guptarohit/asciigraph"
	"github.com/mattn/go-runewidth"
)

// Chart is a line over time.
type Chart struct {
	Title string // may be blank
	// Sample returns n evenly spaced values, oldest first, and the index of the first
	// certain one: 0 if all are certain, n if none is.
	Sample   func(n int) (values []int64, certain int)
	From, To string // labels below the ends
	// Certain is the label below the first certain value.
	Certain string
}

const (
	chartHeight  = 12
	chartMargin  = 3 // the axis and one blank column
	smallestLine = 5
)

// Draws reports whether a chart is shown: only on a terminal, without --columns.
func (p *Printer) Draws() bool { return p.terminal && p.format == Table && p.columns == nil }

// Draw writes a chart that fits the terminal. The axis is dotted where the values
// are not certain.
func Draw(p *Printer, c Chart) error {
	values, certain, margin := c.fit(p.width)
	points := make([]float64, len(values))
	low, high := 0.0, 1.0
	for i, v := range values {
		points[i] = float64(v)
		low, high = min(low, points[i]), max(high, points[i])
	}
	height := min(chartHeight, int(high-low)) // a line for each unit, or the labels repeat
	options := []asciigraph.Option{
		asciigraph.Height(height), asciigraph.Precision(0), asciigraph.LowerBound(low), asciigraph.UpperBound(high),
	}
	if p.color {
		options = append(options, asciigraph.SeriesColors(asciigraph.Teal))
	}
	graph := asciigraph.Plot(points, options...)
	lines := strings.Split(graph, "\n")
	if c.Title != "" {
		lines = append([]string{runewidth.Truncate(Clean(c.Title), p.width, "…")}, lines...)
	}
	indent := strings.Repeat(" ", margin)
	lines = append(lines, indent+c.ruler(len(values), certain), indent+c.labels(len(values), certain))
	return stream(p.out, func(w *bufio.Writer) error {
		for _, line := range lines {
			if _, err := w.WriteString(strings.TrimRight(line, " ") + "\n"); err != nil {
				return err
			}
		}
		return nil
	})
}

// fit returns as many values as fit next to the labels of the axis.
func (c Chart) fit(terminal int) (values []int64, certain, margin int) {
	n := max(smallestLine, terminal-chartMargin-1)
	for range 2 { // the labels depend on the values
		values, certain = c.Sample(n)
		widest := 1
		for _, v := range values {
			widest = max(widest, len(strconv.FormatInt(v, 10)))
		}
		margin = widest + chartMargin
		n = max(smallestLine, terminal-margin-1)
	}
	return values, certain, margin
}

// ruler returns the time axis, dotted where the values are not certain.
func (c Chart) ruler(n, certain int) string {
	certain = min(certain, n)
	return strings.Repeat("·", certain) + strings.Repeat("─", n-certain)
}

// labels returns the dates below the ruler that fit.
func (c Chart) labels(n, certain int) string {
	line := []rune(strings.Repeat(" ", n))
	put := func(at int, text string) {
		runes := []rune(text)
		at = min(at, n-len(runes))
		if text == "" || at < 0 || strings.TrimSpace(string(line[max(0, at-1):min(n, at+len(runes)+1)])) != "" {
			return
		}
		copy(line[at:], runes)
	}
	if put(0, Clean(c.From)); c.To != c.From {
		put(n, Clean(c.To))
	}
	if certain > 0 && certain < n {
		last := n - len([]rune(Clean(c.To))) - 1 - len([]rune(Clean(c.Certain)))
		put(min(certain, last), Clean(c.Certain))
	}
	return string(line)
}
