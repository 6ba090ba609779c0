// Package iostreams provides the three streams of a command, and whether they are
// terminals, how wide, and whether to use colour. It formats nothing.
package iostreams

import (
	"bytes"
	"io"
	"os"

	"golang.org/x/term"
)

// The size that is used if that of a terminal is unknown.
const (
	defaultWidth  = 80
	defaultHeight = 24
)

// Streams are the input and outputs of a command. Only the result goes to Out;
// prompts, progress, warnings, hints and errors go to Err.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer

	InTTY  bool
	OutTTY bool
	ErrTTY bool

	size  func() (width, height int)
	muted bool // the terminal echoed what was typed before Mute
}

// System returns the standard streams of the process.
func System() *Streams {
	return &Streams{
		In:     os.Stdin,
		Out:    os.Stdout,
		Err:    os.Stderr,
		InTTY:  term.IsTerminal(int(os.Stdin.Fd())),
		OutTTY: term.IsTerminal(int(os.Stdout.Fd())),
		ErrTTY: term.IsTerminal(int(os.Stderr.Fd())),
		size: func() (width, height int) {
			w, h, err := term.GetSize(int(os.Stdout.Fd()))
			if err != nil {
				return 0, 0
			}
			return w, h
		},
	}
}

// Test returns streams on buffers, which are not terminals. Set the TTY fields to
// simulate one.
func Test() (s *Streams, in, out, errOut *bytes.Buffer) {
	in, out, errOut = &bytes.Buffer{}, &bytes.Buffer{}, &bytes.Buffer{}
	return &Streams{In: in, Out: out, Err: errOut}, in, out, errOut
}

// Width returns the width of the terminal that Out writes to, or 80 if it is
// unknown.
func (s *Streams) Width() int {
	if s.size != nil {
		if w, _ := s.size(); w > 0 {
			return w
		}
	}
	return defaultWidth
}

// Height returns the height of the terminal that Out writes to, or 24 if it is
// unknown.
func (s *Streams) Height() int {
	if s.size != nil {
		if _, h := s.size(); h > 0 {
			return h
		}
	}
	return defaultHeight
}

// CanAsk reports whether the user can be prompted: both the input and the stream for
// prompts are terminals.
func (s *Streams) CanAsk() bool { return s.InTTY && s.ErrTTY }

// Mute makes the terminal not echo what is typed until Unmute. A scanner does not wait for
// the next question, and its codes would appear anywhere on the screen. What is typed is
// not lost, and questions show what they read.
func (s *Streams) Mute() {
	if in, is := s.In.(*os.File); is && s.InTTY && setEcho(in, false) {
		s.muted = true
	}
}

// Unmute takes Mute back.
func (s *Streams) Unmute() {
	if in, is := s.In.(*os.File); is && s.muted {
		setEcho(in, true)
		s.muted = false
	}
}

// ColorMode is the value of --color.
type ColorMode string

// The values of --color.
const (
	ColorAuto   ColorMode = "auto"
	ColorAlways ColorMode = "always"
	ColorNever  ColorMode = "never"
)

// Color reports whether to use colour on a stream. Under auto, NO_COLOR and
// TERM=dumb disable it, CLICOLOR_FORCE enables it, and otherwise it is used on
// terminals.
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
