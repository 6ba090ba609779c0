package output

import (
	"bufio"
	"iter"
	"slices"
	"strings"

	"github.com/mattn/go-runewidth"

	"github.com/bayworks/stockctl/internal/failure"
)

// CheckLive is Check for a list that may never end. Such a list needs a format that
// is written row by row.
func CheckLive[T any](p *Printer, v View[T]) error {
	switch {
	case p.query != nil && p.format != JSONL:
		return failure.Usagef("--jq needs -o jsonl here, to filter an endless list row by row").Hint("add -o jsonl")
	case p.format == JSON || p.format == YAML:
		return failure.Usagef("-o %s needs a complete list, and this one does not end", p.format).Hint("use -o jsonl, which prints one object per line")
	}
	return Check(p, v)
}

// Live writes a list that may never end. It flushes each row before it waits for the
// next. On a terminal, table columns are as wide as the values so far, and nothing
// is shortened.
func Live[T any](p *Printer, v View[T], items iter.Seq2[T, error]) error {
	if err := CheckLive(p, v); err != nil {
		return err
	}
	live := *p
	buffer := bufio.NewWriter(p.out) // all writers use this one
	live.out = buffer
	rows := flushed(buffer, items)
	if !p.tabular() || !p.terminal {
		return List(&live, v, rows)
	}
	columns, err := v.choose(p)
	if err != nil {
		return err
	}
	return stream(buffer, func(w *bufio.Writer) error { return writeLive(&live, w, columns, rows) })
}

// flushed passes on a list and flushes the buffer after each row.
func flushed[T any](buffer *bufio.Writer, items iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for item, err := range items {
			if !yield(item, err) {
				return
			}
			if err := buffer.Flush(); err != nil {
				var none T
				yield(none, err)
				return
			}
		}
	}
}

func writeLive[T any](p *Printer, w *bufio.Writer, columns []Column[T], items iter.Seq2[T, error]) error {
	columns = fixed(columns, p.width)
	widths := make([]int, len(columns))
	for i, c := range columns {
		widths[i] = c.Width
	}
	line := func(cells []string, mark Mark) error {
		var b strings.Builder
		for i, text := range cells {
			switch fix := columns[i].Width; {
			case fix > 0 && !columns[i].Keep:
				text = runewidth.Truncate(text, fix, "…")
			case fix == 0:
				widths[i] = max(widths[i], width(text))
			}
			b.WriteString(text + strings.Repeat(" ", max(0, widths[i]-width(text))) + gap)
		}
		_, err := w.WriteString(paint(strings.TrimRight(b.String(), " "), mark, p.color) + "\n")
		return err
	}
	header := !p.noHeader
	for item, err := range items {
		if err != nil {
			return err
		}
		texts := make([]string, len(columns))
		titles := make([]string, len(columns))
		for i, c := range row(columns, item) {
			texts[i], titles[i] = c.text, columns[i].Title
			if header && columns[i].Width == 0 { // assume that later rows are like the first
				widths[i] = width(c.text)
			}
		}
		if header {
			if err := line(titles, MarkDim); err != nil {
				return err
			}
			header = false
		}
		if err := line(texts, MarkNone); err != nil {
			return err
		}
	}
	return nil
}

// fixed leaves out columns that a line of the given width has no room for, the first
// to spare first. Only columns whose widths are known can be judged.
func fixed[T any](columns []Column[T], room int) []Column[T] {
	out := slices.Clone(columns)
	for {
		total, spare := -len(gap), -1
		for i, c := range out {
			total += max(c.Width, width(c.Title)) + len(gap)
			if c.Width > 0 && c.Spare > 0 && (spare < 0 || c.Spare > out[spare].Spare) {
				spare = i
			}
		}
		if total <= room || room <= 0 || spare < 0 {
			return out
		}
		out = slices.Delete(out, spare, spare+1)
	}
}
