// Package iostreams holds the three streams of a command and what is known of
// them: whether each is a terminal, how wide it is, and whether colour is
// wanted. It formats nothing.
package iostreams

import (
	"bytes"
	"io"
	"os"

	"golang.org/x/term"
)

// defaultWidth is assumed when a terminal does not tell its width.
const defaultWidth = 80

// Streams are a command's input and outputs. Out carries the answer and
// nothing else; prompts, progress, warnings, hints and errors go to Err.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer

	InTTY  bool
	OutTTY bool
	ErrTTY bool

	width func() int
}

// System returns the process's own streams.
func System() *Streams {
	return &Streams{
		In:     os.Stdin,
		Out:    os.Stdout,
		Err:    os.Stderr,
		InTTY:  term.IsTerminal(int(os.Stdin.Fd())),
		OutTTY: term.IsTerminal(int(os.Stdout.Fd())),
		ErrTTY: term.IsTerminal(int(os.Stderr.Fd())),
		width: func() int {
			w, _, err := term.GetSize(int(os.Stdout.Fd()))
			if err != nil || w <= 0 {
				return defaultWidth
			}
			return w
		},
	}
}

// Test returns streams on buffers, none of them a terminal. Set the TTY fields
// to play one.
func Test() (s *Streams, in, out, errOut *bytes.Buffer) {
	in, out, errOut = &bytes.Buffer{}, &bytes.Buffer{}, &bytes.Buffer{}
	return &Streams{In: in, Out: out, Err: errOut}, in, out, errOut
}

// Width returns the columns of the terminal that Out writes to, 80 when it
// does not tell.
func (s *Streams) Width() int {
	if s.width == nil {
		return defaultWidth
	}
	return s.width()
}

// CanAsk tells whether a person can be asked: both the input and the stream
// that carries the questions are terminals.
func (s *Streams) CanAsk() bool { return s.InTTY && s.ErrTTY }

// ColorMode is the value of --color.
type ColorMode string

// The three answers to "may colour be used?".
const (
	ColorAuto   ColorMode = "auto"
	ColorAlways ColorMode = "always"
	ColorNever  ColorMode = "never"
)

// Color decides whether a stream gets colour. Under auto, NO_COLOR and
// TERM=dumb forbid it, CLICOLOR_FORCE asks for it, else a terminal gets it.
func Color(mode ColorMode, tty bool, lookupEnv func(string) (string, bool)) bool {
	switch mode {
	case ColorAlways:
		return true
	case ColorNever:
		return false
	}
	if v, _ := lookupEnv("NO_COLOR"); v != "" {
		return false
	}
	if v, ok := lookupEnv("CLICOLOR_FORCE"); ok && v != "" && v != "0" {
		return true
	}
	if v, _ := lookupEnv("TERM"); v == "dumb" {
		return false
	}
	return tty
}
