package prompt

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// ErrBack is returned by a question that the user left with Shift-Tab to change
// the previous answer. Only questions of a Walk return it.
var ErrBack = errors.New("back to the previous question")

// ErrSkip is returned by a step that does not need to ask.
var ErrSkip = errors.New("nothing to ask")

// ErrAgain is returned by a step that has reopened others: it is asked again
// after them.
var ErrAgain = errors.New("ask again")

// backKey is the context key of questions that can be left with Shift-Tab.
type backKey struct{}

// canGoBack reports whether there is a previous question.
func canGoBack(ctx context.Context) bool {
	back, _ := ctx.Value(backKey{}).(bool)
	return back
}

// Step is one question of a Walk.
type Step struct {
	Title string // what to call it in a list of answers
	Known bool   // already answered, by a flag for example: asked only if reopened
	Ask   func(ctx context.Context) error
	// Answer is the current answer; nil if it cannot be edited.
	Answer func() string
}

// Walk asks several questions in order. Shift-Tab returns to the previous one, and
// every answer given so far is kept as the default of its question.
type Walk struct {
	Steps []Step
	asked []int // positions of the questions answered so far, in order
}

// Run asks until every step is answered. The first error other than the sentinels of
// this package ends it.
func (w *Walk) Run(ctx context.Context) error {
	for {
		at := slices.IndexFunc(w.Steps, func(s Step) bool { return !s.Known })
		if at < 0 {
			return nil
		}
		switch err := w.Steps[at].Ask(context.WithValue(ctx, backKey{}, len(w.asked) > 0)); {
		case err == nil:
			w.Steps[at].Known = true
			w.asked = append(w.asked, at)
		case errors.Is(err, ErrSkip):
			w.Steps[at].Known = true
		case errors.Is(err, ErrBack) && len(w.asked) > 0:
			last := len(w.asked) - 1
			w.Steps[w.asked[last]].Known = false
			w.asked = w.asked[:last]
		case !errors.Is(err, ErrAgain):
			return err
		}
	}
}

// Reopen has the step with the title asked again.
func (w *Walk) Reopen(title string) {
	at := slices.IndexFunc(w.Steps, func(s Step) bool { return s.Title == title })
	if at < 0 {
		return
	}
	w.Steps[at].Known = false
	w.asked = slices.DeleteFunc(w.asked, func(i int) bool { return i >= at })
}

// leave is the Value of the option that ends an edit.
const leave = "leave"

// Edit offers the answers given so far, and reopens the one that the user chooses. It
// returns false if the user prefers to leave.
func (w *Walk) Edit(ctx context.Context, p Prompter, leaving string) (edit bool, err error) {
	choice := Choice{Title: "Change an answer, or leave"}
	for _, s := range w.Steps {
		if s.Answer == nil {
			continue
		}
		choice.Options = append(choice.Options, Option{Label: fmt.Sprintf("%-18s %s", s.Title, s.Answer()), Value: s.Title})
	}
	choice.Options = append(choice.Options, Option{Label: leaving, Value: leave})
	choice.Default = leave
	title, err := p.Select(ctx, choice)
	if err != nil || title == leave {
		return false, err
	}
	w.Reopen(title)
	return true, nil
}
