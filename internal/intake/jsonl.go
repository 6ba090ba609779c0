package intake

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// lines reads the rows of JSON lines.
type lines struct {
	*objects
	file string
	in   *bufio.Reader
	line int    // of text
	text []byte // the current line
	long []byte // the buffer for a line longer than that of in
	at   int64  // where the current line begins
	end  int64  // where it ends
}

func newLines(file string, r *bufio.Reader, offset int64) *lines {
	return &lines{objects: newObjects(), file: file, in: r, end: offset}
}

func (l *lines) span() Span { return Span{l.at, int(l.end - l.at), 1} }

func (l *lines) header() []string { return l.names }

func (l *lines) next(row *Row) error {
	for {
		tooLong, err := l.read()
		if err != nil {
			return readable(l.file, err)
		}
		if !tooLong && len(bytes.TrimSpace(l.text)) == 0 {
			continue
		}
		row.Line = l.line
		if tooLong {
			err = &fault{0, "the line is longer than 1 MiB"}
			l.clear()
		} else {
			err = l.parse(l.text)
		}
		row.Cells = l.cells
		if bad := (*fault)(nil); errors.As(err, &bad) {
			return l.spoilt(l.file, l.text, l.line, 1, bad)
		}
		return err
	}
}

// read reads the next line. It keeps only the start of a line that is too long.
func (l *lines) read() (tooLong bool, err error) {
	l.line++
	l.at = l.end
	l.long = l.long[:0]
	for {
		part, err := l.in.ReadSlice('\n')
		l.end += int64(len(part))
		if err == nil && len(l.long) == 0 {
			l.text = part
			return false, nil
		}
		if room := maxRowBytes - len(l.long); len(part) > room {
			part, tooLong = part[:room], true
		}
		l.long = append(l.long, part...)
		l.text = l.long
		switch {
		case err == nil, errors.Is(err, io.EOF) && len(l.long) > 0:
			return tooLong, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return false, err
		}
	}
}

func (l *lines) pos(row *Row, cell int) Pos {
	if cell < 0 || cell >= len(l.places) || l.places[cell] < 0 {
		return Pos{l.file, row.Line, 1}
	}
	return placed(l.file, l.text, l.line, 1, l.places[cell])
}
