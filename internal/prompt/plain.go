package prompt

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/iostreams"
)

// backText is typed to return to the previous question.
const backText = "<"

// maxLine limits the length of a typed answer, in bytes.
const maxLine = 64 << 10

// plain prompts with lines of text, which screen readers can follow.
type plain struct {
	Options
	lines   *bufio.Reader
	pending chan typed // a read whose question ended first
}

// typed is the result of reading one line.
type typed struct {
	line string
	err  error
}

func newPlain(o Options) *plain {
	in := o.In
	if terminal, is := in.(*os.File); is {
		in = iostreams.ByteByByte(terminal)
	}
	return &plain{Options: o, lines: bufio.NewReader(in)}
}

func (p *plain) say(format string, args ...any) { fmt.Fprintf(p.Out, format, args...) }

// read returns one line. It fails when the input or ctx ends. A read cannot be stopped,
// so one that outlives its question serves the next question.
func (p *plain) read(ctx context.Context) (string, error) {
	if p.pending == nil {
		p.pending = make(chan typed, 1)
		go func(to chan<- typed) {
			line, err := readLine(p.lines)
			to <- typed{strings.TrimRight(line, "\r\n"), err}
		}(p.pending)
	}
	select {
	case <-ctx.Done():
		p.say("\n")
		return "", context.Cause(ctx)
	case r := <-p.pending:
		p.pending = nil
		switch {
		case r.err == nil:
			return r.line, nil
		case errors.Is(r.err, bufio.ErrBufferFull):
			return "", failure.Usagef("the answer is longer than %d bytes", maxLine)
		case errors.Is(r.err, io.EOF):
			// Half a line is not an answer: the person never pressed Enter.
			p.say("\n")
			return "", failure.ErrCancelled
		}
		return "", fmt.Errorf("asking: %w", r.err)
	}
}

// readLine reads up to an Enter, at most maxLine bytes.
func readLine(in io.ByteReader) (string, error) {
	var line []byte
	for len(line) < maxLine {
		b, err := in.ReadByte()
		if err != nil {
			return "", err
		}
		if line = append(line, b); endsLine(b) {
			return string(line), nil
		}
	}
	return "", bufio.ErrBufferFull
}

// ask repeats a question until its answer is valid.
func (p *plain) ask(ctx context.Context, q Question, read func() (string, error)) (string, error) {
	for {
		text, err := read()
		if err != nil {
			return "", err
		}
		if text == backText && CanGoBack(ctx) {
			return "", ErrBack
		}
		if text == "" {
			text = q.Default
		}
		err = q.valid(text)
		if err == nil {
			return text, nil
		}
		p.say("%s\n", label(err.Error(), 200))
	}
}

func (p *plain) head(ctx context.Context, q Question) string {
	head := label(q.Title, p.Width)
	help := q.Help
	if CanGoBack(ctx) {
		help = strings.TrimPrefix(help+"; "+backText+" goes back", "; ")
	}
	if help != "" {
		head += " (" + label(help, p.Width) + ")"
	}
	if q.Default != "" {
		head += " [" + label(q.Default, p.Width) + "]"
	}
	return head + ": "
}

// Input asks for a line.
func (p *plain) Input(ctx context.Context, q Question) (string, error) {
	return p.ask(ctx, q, func() (string, error) {
		p.say("%s", p.head(ctx, q))
		return p.read(ctx)
	})
}

// Secret asks for a line that is not shown while it is typed.
func (p *plain) Secret(ctx context.Context, q Question) (string, error) {
	return p.ask(ctx, q, func() (string, error) {
		if f, ok := p.In.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			return p.readUnseen(ctx, f, p.head(ctx, q))
		}
		p.say("%s", p.head(ctx, q))
		return p.read(ctx)
	})
}

// readUnseen prompts for and reads a line without echo. It turns echo off before it shows
// the question, since some people type immediately. Echo is on again when it returns,
// even if ctx ended the question and the read is still waiting.
func (p *plain) readUnseen(ctx context.Context, f *os.File, head string) (string, error) {
	state, err := term.MakeRaw(int(f.Fd()))
	if err != nil {
		return "", fmt.Errorf("turning echo off: %w", err)
	}
	p.say("%s", head)
	got := make(chan typed, 1)
	go func() {
		quiet := struct {
			io.Reader
			io.Writer
		}{iostreams.ByteByByte(f), io.Discard}
		line, err := term.NewTerminal(quiet, "").ReadPassword("")
		got <- typed{line, err}
	}()
	var r typed
	select {
	case <-ctx.Done():
		r.err = context.Cause(ctx)
	case r = <-got:
		if errors.Is(r.err, io.EOF) { // Ctrl-C and Ctrl-D too
			r.err = failure.ErrCancelled
		}
	}
	if err := term.Restore(int(f.Fd()), state); err != nil && r.err == nil {
		return "", fmt.Errorf("turning echo on again: %w", err)
	}
	p.say("\n")
	return r.line, r.err
}

// Select lists the options and asks for a number.
func (p *plain) Select(ctx context.Context, q Choice) (string, error) {
	p.say("%s\n", label(q.Title, p.Width))
	def := ""
	for i, o := range q.Options {
		p.say("%4d  %s\n", i+1, label(o.Label, p.Width-6))
		if o.Value == q.Default && def == "" {
			def = strconv.Itoa(i + 1)
		}
	}
	number := Question{Title: "Number", Help: fmt.Sprintf("1 to %d, or a name in full", len(q.Options)), Default: def}
	number.Validate = func(text string) error {
		if numbered(q.Options, text) < 0 {
			return failure.Usagef("type a number from 1 to %d, or the name of an entry in full", len(q.Options))
		}
		return nil
	}
	text, err := p.Input(ctx, number)
	if err != nil {
		return "", err
	}
	return q.Options[numbered(q.Options, text)].Value, nil
}

// numbered returns the option that the text names in full or by its number, or -1.
func numbered(options []Option, text string) int {
	if at := named(options, text); at >= 0 {
		return at
	}
	if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && n >= 1 && n <= len(options) {
		return n - 1
	}
	return -1
}

// Confirm asks for y or n.
func (p *plain) Confirm(ctx context.Context, title string, def bool) (bool, error) {
	q := Question{Title: title, Help: "y or n", Default: map[bool]string{true: "y", false: "n"}[def]}
	q.Validate = func(text string) error {
		if _, ok := yesNo(strings.TrimSpace(text)); !ok {
			return failure.Usagef("type y or n")
		}
		return nil
	}
	text, err := p.Input(ctx, q)
	yes, _ := yesNo(strings.TrimSpace(text))
	return yes && err == nil, err
}

func yesNo(text string) (yes, ok bool) {
	switch strings.ToLower(text) {
	case "y", "yes":
		return true, true
	case "n", "no":
		return false, true
	}
	return false, false
}
