package output

import (
	"bufio"
	"iter"
	"strings"
)

// Prose writes a list whose last columns are sentences. On a terminal, and where
// no columns were asked for, the first ones stand in the given widths, and the
// sentences beside them, one below the other, broken at blanks; a blank one has
// no line. Each item is out before the next one is asked for. In every other
// form it is List.
func Prose[T any](p *Printer, v View[T], widths []int, items iter.Seq2[T, error]) error {
	if !p.tabular() || !p.terminal || p.columns != nil {
		return List(p, v, items)
	}
	indent := 0
	for _, w := range widths {
		indent += w + len(gap)
	}
	return stream(p.out, func(w *bufio.Writer) error {
		for item, err := range items {
			if err != nil {
				return err
			}
			lead, sentences := split(v.Columns, widths, item, p.color)
			for _, sentence := range sentences {
				for _, line := range breakAtBlanks(sentence, max(p.width-indent, smallest)) {
					if _, err := w.WriteString(lead + line + "\n"); err != nil {
						return err
					}
					lead = strings.Repeat(" ", indent)
				}
			}
			if err := w.Flush(); err != nil {
				return err
			}
		}
		return nil
	})
}

// split returns what stands before the sentences, and those.
func split[T any](columns []Column[T], widths []int, item T, color bool) (lead string, sentences []string) {
	var b strings.Builder
	for i, c := range columns {
		s := Clean(text(c.Value(item), true))
		if i >= len(widths) {
			if s != "" {
				sentences = append(sentences, s)
			}
			continue
		}
		mark := MarkNone
		if c.Mark != nil {
			mark = c.Mark(item)
		}
		b.WriteString(paint(s, mark, color) + strings.Repeat(" ", max(0, widths[i]-width(s))) + gap)
	}
	if len(sentences) == 0 {
		sentences = []string{""}
	}
	return b.String(), sentences
}

// breakAtBlanks breaks a text at its blanks into lines that are no wider than most,
// but for words that are.
func breakAtBlanks(s string, most int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		switch {
		case line == "":
			line = word
		case width(line)+1+width(word) <= most:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}
