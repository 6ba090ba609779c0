package prompt_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/prompt"
)

func lines(text string) (prompt.Prompter, *bytes.Buffer) {
	var out bytes.Buffer
	return prompt.New(prompt.Options{In: strings.NewReader(text), Out: &out, Accessible: true}), &out
}

func short(s string) error {
	if len(s) > 3 {
		return errors.New("at most 3 letters")
	}
	return nil
}

func TestLinesInput(t *testing.T) {
	p, out := lines("toolong\nok\n\n")
	q := prompt.Question{Title: "Code", Help: "any", Default: "def", Validate: short}
	if got, err := p.Input(t.Context(), q); got != "ok" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := p.Input(t.Context(), q); got != "def" || err != nil {
		t.Errorf("a bare Enter gives %q, %v; want the default", got, err)
	}
	if want := "Code (any) [def]: at most 3 letters\nCode (any) [def]: Code (any) [def]: "; out.String() != want {
		t.Errorf("shown %q, want %q", out, want)
	}
}

func TestLinesSelect(t *testing.T) {
	choice := prompt.Choice{Title: "Warehouse", Default: "b", Options: []prompt.Option{{Label: "LGS\x1b[31m", Value: "a"}, {Label: "ABJ", Value: "b"}}}
	for text, want := range map[string]string{"1\n": "a", "\n": "b", "9\nx\n2\n": "b"} {
		p, out := lines(text)
		if got, err := p.Select(t.Context(), choice); got != want || err != nil {
			t.Errorf("%q: got %q, %v; want %q", text, got, err, want)
		}
		if strings.Contains(out.String(), "\x1b") {
			t.Errorf("a label reached the terminal unchanged: %q", out)
		}
	}
}

func TestLinesConfirm(t *testing.T) {
	for text, want := range map[string]bool{"y\n": true, "YES\n": true, "n\n": false, "maybe\nno\n": false, "\n": false} {
		p, _ := lines(text)
		if got, err := p.Confirm(t.Context(), "Sure?", false); got != want || err != nil {
			t.Errorf("%q: got %t, %v; want %t", text, got, err, want)
		}
	}
}

// The end of the input is not an answer: not the default, and never a yes.
func TestLinesEndOfInput(t *testing.T) {
	for _, text := range []string{"", "y", "half a line"} {
		p, _ := lines(text)
		if yes, err := p.Confirm(t.Context(), "Sure?", true); yes || !errors.Is(err, failure.ErrCancelled) {
			t.Errorf("%q: confirmed %t, %v", text, yes, err)
		}
		p, _ = lines(text)
		if got, err := p.Input(t.Context(), prompt.Question{Title: "Q", Default: "d"}); got != "" || !errors.Is(err, failure.ErrCancelled) {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
		p, _ = lines(text)
		if got, err := p.Select(t.Context(), prompt.Choice{Title: "Q", Default: "a", Options: []prompt.Option{{Label: "A", Value: "a"}}}); got != "" || !errors.Is(err, failure.ErrCancelled) {
			t.Errorf("%q: chosen %q, %v", text, got, err)
		}
	}
}

// A question ends with its context, even if no key is pressed.
func TestLinesContextEnds(t *testing.T) {
	in, keep := io.Pipe()
	defer keep.Close()
	why := errors.New("interrupted by the test")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	p := prompt.New(prompt.Options{In: in, Out: io.Discard, Accessible: true})
	if _, err := p.Input(ctx, prompt.Question{Title: "Q"}); !errors.Is(err, why) {
		t.Errorf("got %v, want the cause", err)
	}
}

// An endless line is refused instead of read into memory.
func TestLinesAreBounded(t *testing.T) {
	p := prompt.New(prompt.Options{In: strings.NewReader(strings.Repeat("a", 1<<20)), Out: io.Discard, Accessible: true})
	_, err := p.Input(t.Context(), prompt.Question{Title: "Code"})
	if want := "the answer is longer than 65536 bytes"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if failure.KindOf(err) != failure.Usage {
		t.Errorf("kind %q", failure.KindOf(err))
	}
}
