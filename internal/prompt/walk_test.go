//go:build !windows

package prompt_test

import (
	"context"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/prompt"
)

// trip returns a function that asks for a code, a colour and a yes, and returns the
// answers.
func trip(p prompt.Prompter) func() (string, error) {
	var code, colour string
	w := &prompt.Walk{Steps: []prompt.Step{
		{Title: "Code", Ask: func(ctx context.Context) (err error) {
			code, err = p.Input(ctx, prompt.Question{Title: "Code", Default: code})
			return err
		}},
		{Title: "Nothing", Ask: func(context.Context) error { return prompt.ErrSkip }},
		{Title: "Colour", Ask: func(ctx context.Context) (err error) {
			colour, err = p.Select(ctx, prompt.Choice{Title: "Colour", Options: []prompt.Option{{Label: "red", Value: "red"}, {Label: "blue", Value: "blue"}}})
			return err
		}},
		{Title: "Sure", Ask: func(ctx context.Context) error { _, err := p.Confirm(ctx, "Sure?", false); return err }},
	}}
	return func() (string, error) {
		err := w.Run(context.Background())
		return code + " " + colour, err
	}
}

// Shift-Tab returns to the previous question from each kind of question, and keeps the
// answer.
func TestWalkShiftTab(t *testing.T) {
	const shiftTab = "\x1b[Z"
	s := newTerminal(t, 24)
	done := ask(trip(prompt.New(s.options())))
	s.see("Code")
	s.press(shiftTab) // there is nothing before the first question
	s.press("A-1" + enter)
	s.see("✓ Code: A-1")
	s.see("shift+tab back")
	s.press(shiftTab)
	s.see("Code")
	s.see("A-1")
	s.press("2" + enter)
	s.see("✓ Code: A-12")
	s.see("Colour")
	s.press("blue" + enter)
	s.see("Sure?")
	s.press(shiftTab)
	s.see("Colour")
	s.press("red" + enter)
	s.see("Sure?")
	s.press("y" + enter)
	got(t, done, "A-12 red")
	s.restored()
}

// A question that was left with Shift-Tab disappears from the screen. The answers are
// drawn again when the width of the terminal changes.
func TestScreenIsClearedAfterShiftTab(t *testing.T) {
	s := newTerminal(t, 24)
	done := ask(trip(prompt.New(s.options())))
	s.see("Code")
	s.press("A-1" + enter)
	s.see("shift+tab back")
	s.press("bl")
	s.see("bl")
	s.press("\x1b[Z")
	s.see("A-1")
	left := s.raw()
	left = left[:strings.LastIndex(left, "A-1")]
	if cleared := strings.LastIndex(left, "\x1b[J"); cleared < strings.LastIndex(left, "blue") {
		t.Errorf("the list is still on the screen: %q", left)
	}
	s.press(enter)
	s.see("Colour")
	s.see("shift+tab back")
	s.resize(60)
	s.see("✓ Code: A-1")
	s.see("Colour")
	s.press("red" + enter)
	s.see("Sure?")
	s.press("n" + enter)
	got(t, done, "A-1 red")
	s.restored()
}

// A scanner types faster than questions appear: text after an Enter answers the next
// question, even if the previous answer was refused.
func TestTypedAheadAnswersTheNextQuestion(t *testing.T) {
	s := newTerminal(t, 24)
	done := ask(trip(prompt.New(s.options())))
	s.see("Code")
	s.press("A-1" + enter + "green" + enter + "\x15blue" + enter + "y" + enter)
	got(t, done, "A-1 blue")
	s.restored()
}

// Long titles are wrapped, because their end matters.
func TestLongTitlesAreWrapped(t *testing.T) {
	s := newTerminal(t, 24)
	p := prompt.New(s.options())
	done := ask(func() (bool, error) {
		return p.Confirm(t.Context(), strings.Repeat("long ", 20)+"has 1234 on hand?", false)
	})
	s.see("1234 on hand?")
	s.press("y" + enter)
	s.see("1234 on hand? yes")
	got(t, done, true)
}

// A walk within a step of another returns to the step before it.
func TestWalksNest(t *testing.T) {
	p, _ := lines("A-1\n<\nA-2\nblue\n")
	var code, colour string
	w := &prompt.Walk{Steps: []prompt.Step{
		{Title: "Code", Ask: func(ctx context.Context) (err error) {
			code, err = p.Input(ctx, prompt.Question{Title: "Code"})
			return err
		}},
		{Title: "Inner", Ask: func(ctx context.Context) error {
			inner := &prompt.Walk{Steps: []prompt.Step{{Title: "Colour", Ask: func(ctx context.Context) (err error) {
				colour, err = p.Input(ctx, prompt.Question{Title: "Colour"})
				return err
			}}}}
			return inner.Run(ctx)
		}},
	}}
	if err := w.Run(t.Context()); err != nil || code != "A-2" || colour != "blue" {
		t.Errorf("got %q and %q, %v", code, colour, err)
	}
}

func TestLinesGoBack(t *testing.T) {
	p, out := lines("A-1\n<\nA-2\nred\n<\nblue\ny\n")
	if got, err := trip(p)(); got != "A-2 blue" || err != nil {
		t.Errorf("got %q, %v\n%s", got, err, out)
	}
	if want := "Code [A-1]: "; !strings.Contains(out.String(), want) {
		t.Errorf("shown %q, want %q", out, want)
	}
	if want := "Number (1 to 2, or a name in full; < goes back): "; !strings.Contains(out.String(), want) {
		t.Errorf("shown %q, want %q", out, want)
	}
}
