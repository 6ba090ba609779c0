package intake

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// array reads the rows of a JSON list of objects, or of a single object. It finds the
// end of each object before parsing it. So a list of any length needs only the memory of
// its largest object, and a mistake in one object does not hide the next.
type array struct {
	*objects
	file string
	in   *bufio.Reader
	// line and column are the position of the next byte.
	line, column int
	begun, over  bool
	list         bool

	text             []byte // the current object
	atLine, atColumn int    // where it begins
	read, atOffset   int64  // how much was read, in all and before it
}

func newArray(file string, r *bufio.Reader, offset int64) *array {
	return &array{objects: newObjects(), file: file, in: r, line: 1, column: 1, read: offset}
}

func (a *array) span() Span { return Span{a.atOffset, len(a.text), a.atColumn} }

func (a *array) header() []string { return a.names }

func (a *array) here() Pos { return Pos{a.file, a.line, a.column} }

func (a *array) next(row *Row) error {
	if err := a.advance(); err != nil {
		return readable(a.file, err)
	}
	row.Line = a.atLine
	err := a.parse(a.text)
	row.Cells = a.cells
	if bad := (*fault)(nil); errors.As(err, &bad) {
		return a.spoilt(a.file, a.text, a.atLine, a.atColumn, bad)
	}
	return err
}

func (a *array) pos(_ *Row, cell int) Pos {
	if cell < 0 || cell >= len(a.places) || a.places[cell] < 0 {
		return Pos{a.file, a.atLine, a.atColumn}
	}
	return placed(a.file, a.text, a.atLine, a.atColumn, a.places[cell])
}

// advance reads the next object into text, or returns io.EOF at the end of the list.
func (a *array) advance() error {
	c, err := a.space()
	switch {
	case a.over:
		return a.ending(c, err)
	case errors.Is(err, io.EOF) && a.begun:
		return fatal(a.here(), "ends too early: the list is not closed, a ] is missing")
	case errors.Is(err, io.EOF):
		return fatal(Pos{File: a.file}, "is empty")
	case err != nil:
		return err
	}
	if !a.begun {
		a.begun = true
		if a.list = c == '['; a.list {
			a.skipByte()
			if c, err = a.space(); err == nil && c == ']' {
				return a.close()
			}
		}
	} else if c == ']' {
		return a.close()
	} else if c != ',' {
		return fatal(a.here(), "expected a comma or ] after the object, found %s", a.shown())
	} else {
		comma := a.here()
		a.skipByte()
		if c, err = a.space(); err == nil && c == ']' {
			return fatal(comma, "remove the comma before ]")
		}
	}
	if errors.Is(err, io.EOF) {
		return fatal(a.here(), "ends too early: the list is not closed, a ] is missing")
	}
	if err != nil {
		return err
	}
	a.over = !a.list
	return a.object()
}

// close skips the ] and returns an error if anything follows.
func (a *array) close() error {
	a.skipByte()
	a.over = true
	return a.ending(a.space())
}

func (a *array) ending(c byte, err error) error {
	switch {
	case err != nil:
		return err
	case c == '{' && !a.list:
		return fatal(a.here(), "a second object follows the first: put them into one list, or set the format to jsonl if each is on its own line")
	}
	return fatal(a.here(), "the list ended before this: remove the rest")
}

// object reads one value into text, up to its end, one buffer at a time.
func (a *array) object() error {
	a.text, a.atLine, a.atColumn, a.atOffset = a.text[:0], a.line, a.column, a.read
	start := Pos{a.file, a.line, a.column}
	var f frame
	for !f.over {
		if _, err := a.peek(); errors.Is(err, io.EOF) {
			if f.depth == 0 && !f.quoted {
				return nil
			}
			return fatal(start, "ends too early: this object is not closed")
		} else if err != nil {
			return err
		}
		chunk, err := a.in.Peek(a.in.Buffered())
		if err != nil {
			return err
		}
		n := f.scan(chunk)
		if len(a.text)+n > maxRowBytes {
			return fatal(start, "this object is longer than 1 MiB")
		}
		a.text = append(a.text, chunk[:n]...)
		a.pass(chunk[:n])
	}
	return nil
}

// frame finds the end of a JSON value from its brackets and quotes.
type frame struct {
	depth                  int
	begun, quoted, escaped bool
	over                   bool
}

// scan returns how many bytes of the chunk belong to the value.
func (f *frame) scan(chunk []byte) int {
	for i, c := range chunk {
		switch {
		case f.escaped:
			f.escaped = false
		case f.quoted:
			f.escaped = c == '\\'
			f.quoted = c != '"'
		case c == '"':
			f.quoted = true
		case c == '{' || c == '[':
			f.depth++
		case c == '}' || c == ']' || c == ',':
			if f.depth == 0 && f.begun {
				f.over = true
				return i
			}
			if c != ',' {
				f.depth--
			}
		}
		f.begun = true
		if f.depth <= 0 && !f.quoted && (c == '}' || c == ']') {
			f.over = true
			return i + 1
		}
	}
	return len(chunk)
}

func (a *array) peek() (byte, error) {
	p, err := a.in.Peek(1)
	if len(p) == 0 {
		return 0, err
	}
	return p[0], nil
}

// skipByte skips the peeked byte.
func (a *array) skipByte() {
	if p, err := a.in.Peek(1); err == nil {
		a.pass(p)
	}
}

// pass skips peeked bytes and updates the position.
func (a *array) pass(p []byte) {
	a.read += int64(len(p))
	if i := bytes.LastIndexByte(p, '\n'); i >= 0 {
		a.line += bytes.Count(p, []byte{'\n'})
		a.column = 1 + characters(p[i+1:])
	} else {
		a.column += characters(p)
	}
	// Discarding peeked bytes cannot fail.
	_, _ = a.in.Discard(len(p))
}

// characters counts the characters that begin in p, which may be cut anywhere.
func characters(p []byte) int {
	n := 0
	for _, c := range p {
		if utf8.RuneStart(c) {
			n++
		}
	}
	return n
}

// shown returns the character at the current position, for a message.
func (a *array) shown() string {
	p, err := a.in.Peek(utf8.UTFMax)
	if len(p) == 0 && err != nil {
		return "nothing"
	}
	r, _ := utf8.DecodeRune(p)
	return strconv.QuoteRune(r)
}

// space skips white space and peeks at what follows.
func (a *array) space() (byte, error) {
	for {
		c, err := a.peek()
		if err != nil || c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return c, err
		}
		a.skipByte()
	}
}
