// Package prompt asks a person questions on a terminal, behind a small
// interface: by forms, or by plain lines for screen readers. It decides
// nothing, and never writes to stdout.
package prompt

import (
	"context"
	"io"
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
	"github.com/mattn/go-runewidth"
)

// Prompter asks one person one question at a time. Every method returns
// failure.ErrCancelled when the person ends it or the input ends, and the
// cause of ctx when ctx ends. An answer has passed the question's Validate.
type Prompter interface {
	// Select returns the Value of the chosen option.
	Select(ctx context.Context, q Choice) (string, error)
	Input(ctx context.Context, q Question) (string, error)
	// Secret is Input that is not shown while it is typed, nor after.
	Secret(ctx context.Context, q Question) (string, error)
	// Confirm asks for a yes or no; def is the answer of a bare Enter.
	Confirm(ctx context.Context, title string, def bool) (bool, error)
}

// Option is one thing to choose. The label is shown; the value is the answer.
// Typed or scanned in full, the value or one of the names chooses it: a code, a
// barcode, an id.
type Option struct {
	Label, Value string
	Names        []string
}

// Choice is a question that is answered by one of its options.
type Choice struct {
	Title   string
	Help    string
	Options []Option
	Default string // a Value: where the choice begins
}

// Question is answered by a line of text.
type Question struct {
	Title       string
	Help        string
	Placeholder string
	Default     string
	Suggestions []string           // offered while typing
	Validate    func(string) error // checked as it is typed, and again; nil: anything goes
}

// valid checks an answer.
func (q Question) valid(text string) error {
	if q.Validate == nil {
		return nil
	}
	return q.Validate(text)
}

// Options make a Prompter.
type Options struct {
	In         io.Reader // the terminal
	Out        io.Writer // where the questions are drawn: stderr
	Accessible bool      // plain lines instead of forms
	Width      int       // columns of the terminal; 80 when not above 0
	Color      bool
}

// New returns the Prompter for the options.
func New(o Options) Prompter {
	if o.Width <= 0 {
		o.Width = 80
	}
	if o.Accessible {
		return newPlain(o)
	}
	return &forms{Options: o}
}

// label makes a text from a server fit to be drawn: one line without control
// characters or overrides of the writing direction, cut to the width.
func label(s string, width int) string {
	return runewidth.Truncate(safe(s), max(width, 10), "…")
}

// maxWrapped is the most lines a title takes.
const maxWrapped = 4

// wrapped is label for texts whose end matters: it continues on further lines.
func wrapped(s string, width int) string {
	width = max(width, 10)
	s = runewidth.Truncate(safe(s), maxWrapped*width, "…")
	return ansi.Wrap(s, width, "")
}

// safe replaces what must not reach a terminal.
func safe(s string) string {
	return strings.Map(func(r rune) rune {
		if unsafe(r) {
			return '·'
		}
		return r
	}, s)
}

// unclean tells of a text that cannot be offered as an answer: it would have to
// be drawn as it is.
func unclean(s string) bool { return strings.ContainsFunc(s, unsafe) }

// unsafe tells of characters that steer a terminal or deceive its reader.
func unsafe(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}
