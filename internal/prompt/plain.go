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
)

// maxLine bounds one typed answer.
const maxLine = 64 << 10

// plain asks by lines of text, which screen readers can follow.
type plain struct {
	Options
	lines *bufio.Reader
}

func newPlain(o Options) *plain {
	return &plain{Options: o, lines: bufio.NewReaderSize(o.In, maxLine)}
}

func (p *plain) say(format string, args ...any) { fmt.Fprintf(p.Out, format, args...) }

// read returns one line, or the end: of the input, or of ctx.
func (p *plain) read(ctx context.Context) (string, error) {
	type result struct {
		line string
		err  error
	}
	got := make(chan result, 1)
	go func() {
		line, err := p.lines.ReadString('\n')
		got <- result{line, err}
	}()
	select {
	case <-ctx.Done():
		p.say("\n")
		return "", context.Cause(ctx)
	case r := <-got:
		if errors.Is(r.err, io.EOF) {
			// Half a line is no answer: the person never pressed Enter.
			p.say("\n")
			return "", failure.ErrCancelled
		}
		return strings.TrimRight(r.line, "\r\n"), r.err
	}
}

// ask repeats a question until its answer is valid.
func (p *plain) ask(q Question, read func() (string, error)) (string, error) {
	for {
		text, err := read()
		if err != nil {
			return "", err
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

func (p *plain) head(q Question) string {
	head := label(q.Title, p.Width)
	if q.Help != "" {
		head += " (" + label(q.Help, p.Width) + ")"
	}
	if q.Default != "" {
		head += " [" + label(q.Default, p.Width) + "]"
	}
	return head + ": "
}

// Input asks for a line.
func (p *plain) Input(ctx context.Context, q Question) (string, error) {
	return p.ask(q, func() (string, error) {
		p.say("%s", p.head(q))
		return p.read(ctx)
	})
}

// Secret asks for a line that a terminal does not show.
func (p *plain) Secret(ctx context.Context, q Question) (string, error) {
	return p.ask(q, func() (string, error) {
		p.say("%s", p.head(q))
		f, ok := p.In.(*os.File)
		if !ok || !term.IsTerminal(int(f.Fd())) {
			return p.read(ctx)
		}
		state, err := term.GetState(int(f.Fd()))
		if err != nil {
			return "", err
		}
		stop := context.AfterFunc(ctx, func() { _ = term.Restore(int(f.Fd()), state) })
		defer stop()
		secret, err := readPassword(ctx, f)
		p.say("\n")
		return secret, err
	})
}

// readPassword reads without echo, and gives up when ctx ends.
func readPassword(ctx context.Context, f *os.File) (string, error) {
	type result struct {
		secret []byte
		err    error
	}
	got := make(chan result, 1)
	go func() {
		secret, err := term.ReadPassword(int(f.Fd()))
		got <- result{secret, err}
	}()
	select {
	case <-ctx.Done():
		return "", context.Cause(ctx)
	case r := <-got:
		if errors.Is(r.err, io.EOF) {
			return "", failure.ErrCancelled
		}
		return string(r.secret), r.err
	}
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
	number := Question{Title: "Number", Help: fmt.Sprintf("1 to %d", len(q.Options)), Default: def}
	number.Validate = func(text string) error {
		if n, err := strconv.Atoi(strings.TrimSpace(text)); err != nil || n < 1 || n > len(q.Options) {
			return failure.Usagef("type a number from 1 to %d", len(q.Options))
		}
		return nil
	}
	text, err := p.Input(ctx, number)
	if err != nil {
		return "", err
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return "", err
	}
	return q.Options[n-1].Value, nil
}

// Confirm asks for y or n.
func (p *plain) Confirm(ctx context.Context, title string, def bool) (bool, error) {
	q := Question{Title: title, Help: "y or n", Default: map[bool]string{true: "y", false: "n"}[def]}
	q.Validate = func(text string) error {
		if _, ok := yesNo(text); !ok {
			return failure.Usagef("type y or n")
		}
		return nil
	}
	text, err := p.Input(ctx, q)
	yes, _ := yesNo(text)
	return yes && err == nil, err
}

func yesNo(text string) (yes, ok bool) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "y", "yes":
		return true, true
	case "n", "no":
		return false, true
	}
	return false, false
}
