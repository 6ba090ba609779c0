package output

import (
	"bufio"
	"iter"
	"strings"
)

// Prose writes a list with sentences in its last columns. On a terminal without
// --columns, the first columns have the given widths, and the sentences are next to
// them, one below the other, wrapped at spaces; blank ones are left out. Each item is
// flushed before the next one is requested. In every other format Prose is List.
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

// split returns the first columns as text, and the sentences.
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

// breakAtBlanks wraps a text at spaces into lines of at most the given width; longer
// words get a line of their own.
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
