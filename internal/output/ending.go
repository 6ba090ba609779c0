package output

import (
	"bufio"

	"github.com/dustin/go-humanize"

	"github.com/bayworks/stockctl/internal/iostreams"
)

// Line is one line of a text about what a command did.
type Line struct {
	Text string
	Mark Mark
}

// Lines writes a text for people, line by line. The mark of real stock stands out.
func Lines(p *Printer, lines []Line) error {
	return stream(p.out, func(w *bufio.Writer) error {
		for _, line := range lines {
			text := iostreams.Loud(paint(Clean(line.Text), line.Mark, p.color), p.color)
			if _, err := w.WriteString(text + "\n"); err != nil {
				return err
			}
		}
		return nil
	})
}

// Outcome is what many things have in common in the end, and how many there are.
type Outcome struct {
	N    int64
	What string
}

// Outcomes lists what did not happen, then what happened, each in lines of at most 80
// columns, without those that are zero.
func Outcomes(failed, done []Outcome) []Line {
	lines := append(counts(failed, MarkLow), counts(done, MarkOK)...)
	if len(lines) == 0 {
		return []Line{{Text: "  0 " + done[0].What}}
	}
	return lines
}

// between sets counts apart.
const between = "   "

func counts(all []Outcome, mark Mark) (lines []Line) {
	line := ""
	for _, one := range all {
		if one.N == 0 {
			continue
		}
		text := humanize.Comma(one.N) + " " + one.What
		if line != "" && width(line+between+text) > defaultWidth {
			lines, line = append(lines, Line{line, mark}), ""
		}
		if line == "" {
			line = "  " + text
		} else {
			line += between + text
		}
	}
	if line != "" {
		lines = append(lines, Line{line, mark})
	}
	return lines
}
