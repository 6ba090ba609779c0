// Package prompt asks a person questions on a terminal, behind a small interface: with
// forms, or with plain lines for screen readers. It makes no decisions, and never writes
// to stdout.
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
// failure.ErrCancelled if the person cancels or the input ends, and the cause of ctx if
// ctx ends. An answer has passed the question's Validate.
type Prompter interface {
	// Select returns the Value of the chosen option.
	Select(ctx context.Context, q Choice) (string, error)
	Input(ctx context.Context, q Question) (string, error)
	// Secret is like Input, but the answer is never shown.
	Secret(ctx context.Context, q Question) (string, error)
	// Confirm asks for a yes or no. Enter alone answers with def.
	Confirm(ctx context.Context, title string, def bool) (bool, error)
}

// Option is one thing to choose. The label is shown; the value is the answer. The value
// or any of the names, such as a code, a barcode or an id, chooses it when typed or
// scanned in full.
type Option struct {
	Label, Value string
	Names        []string
}

// Choice is a question with a list of options.
type Choice struct {
	Title   string
	Help    string
	Options []Option
	Default string // the Value that is selected first
}

// Question is a question with a line of text as its answer.
type Question struct {
	Title       string
	Help        string
	Placeholder string
	Default     string
	Suggestions []string           // offered while typing
	Validate    func(string) error // called while typing and on Enter; nil: any text is valid
}

// valid checks an answer.
func (q Question) valid(text string) error {
	if q.Validate == nil {
		return nil
	}
	return q.Validate(text)
}

// Options configure a Prompter.
type Options struct {
	In         io.Reader // the terminal
	Out        io.Writer // where the questions are drawn: stderr
	Accessible bool      // plain lines instead of forms
	Width      int       // columns of the terminal; 0 or less: 80
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

// label makes text from a server safe to display: one line without control characters or
// changes of the writing direction, cut to the width.
func label(s string, width int) string {
	return runewidth.Truncate(safe(s), max(width, 10), "…")
}

// maxWrapped is the maximum number of lines for a title.
const maxWrapped = 4

// wrapped is like label, but for texts whose end matters: it wraps them.
func wrapped(s string, width int) string {
	width = max(width, 10)
	s = runewidth.Truncate(safe(s), maxWrapped*width, "…")
	return ansi.Wrap(s, width, "")
}

// safe replaces characters that must not reach a terminal.
func safe(s string) string {
	return strings.Map(func(r rune) rune {
		if unsafe(r) {
			return '·'
		}
		return r
	}, s)
}

// unclean reports whether a text cannot be offered as an answer, because it cannot be
// displayed exactly.
func unclean(s string) bool { return strings.ContainsFunc(s, unsafe) }

// unsafe reports whether a character controls the terminal or deceives the reader.
func unsafe(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}
