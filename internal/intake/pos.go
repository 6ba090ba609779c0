package intake

import (
	"strconv"
	"unicode/utf8"
)

// Pos is a position in a file: the physical line and the column in characters,
// both counted from 1. A zero Line means the whole file.
type Pos struct {
	File         string
	Line, Column int
}

// String returns FILE:LINE:COLUMN, or only the file if there is no line.
func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return p.File + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

// walker finds the positions of offsets in a text. It is fast while offsets increase.
type walker struct {
	file      string
	text      []byte
	line      int // line of text[lineStart:], from 1
	lineStart int
	at        int // the offset of the last position
	column    int // the column of at, from 1
}

func newWalker(file string, text []byte, firstLine int) *walker {
	return &walker{file: file, text: text, line: firstLine, column: 1}
}

// pos returns the position of the character at an offset, which may be the end.
func (w *walker) pos(offset int) Pos {
	offset = min(offset, len(w.text))
	if offset < w.at {
		w.rewind(offset)
	}
	for w.at < offset {
		if w.text[w.at] == '\n' {
			w.line++
			w.at++
			w.lineStart, w.column = w.at, 1
			continue
		}
		_, size := utf8.DecodeRune(w.text[w.at:])
		w.at += size
		w.column++
	}
	return Pos{File: w.file, Line: w.line, Column: w.column}
}

// rewind returns to the start of the line with the offset.
func (w *walker) rewind(offset int) {
	w.at, w.column = w.lineStart, 1
	for w.lineStart > offset {
		w.line--
		start := w.lineStart - 1
		for start > 0 && w.text[start-1] != '\n' {
			start--
		}
		w.lineStart, w.at = start, start
	}
}
