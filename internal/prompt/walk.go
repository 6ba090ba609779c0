package prompt

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/bayworks/stockctl/internal/failure"
)

// ErrBack is returned by a question that the user left with Shift-Tab to change
// the previous answer. Only questions of a Walk return it.
var ErrBack = errors.New("back to the previous question")

// ErrSkip is returned by a step that does not need to ask.
var ErrSkip = errors.New("nothing to ask")

// ErrAgain is returned by a step that has reopened others, after which it is asked
// again.
var ErrAgain = errors.New("ask again")

// backKey is the context key of questions that can be left with Shift-Tab.
type backKey struct{}

// CanGoBack reports whether there is a previous question.
func CanGoBack(ctx context.Context) bool {
	back, _ := ctx.Value(backKey{}).(bool)
	return back
}

// Returning marks questions that can be left with Shift-Tab because there is a previous
// one.
func Returning(ctx context.Context, back bool) context.Context {
	return context.WithValue(ctx, backKey{}, back || CanGoBack(ctx))
}

// Alone marks a question that is not part of a Walk, even if a step of a Walk asks it.
func Alone(ctx context.Context) context.Context {
	return context.WithValue(ctx, backKey{}, false)
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
// this package ends it. A walk within a step of another returns ErrBack from its first
// question.
func (w *Walk) Run(ctx context.Context) error {
	for {
		at := slices.IndexFunc(w.Steps, func(s Step) bool { return !s.Known })
		if at < 0 {
			return nil
		}
		switch err := w.Steps[at].Ask(Returning(ctx, len(w.asked) > 0)); {
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

// Reopen makes the walk ask the step with the title again.
func (w *Walk) Reopen(title string) {
	at := slices.IndexFunc(w.Steps, func(s Step) bool { return s.Title == title })
	if at < 0 {
		return
	}
	w.Steps[at].Known = false
	w.asked = slices.DeleteFunc(w.asked, func(i int) bool { return i >= at })
}

// quit is the Value of the option that ends an edit.
const quit = "quit"

// Confirm asks whether to do what the answers say. The default is no, because a terminal
// that closes must not cause a write. After a no, it offers to change an answer or to end
// the walk. left says what did not happen, such as "nothing was moved".
func (w *Walk) Confirm(ctx context.Context, p Prompter, title, left string) error {
	yes, err := p.Confirm(ctx, title, false)
	if err != nil || yes {
		return err
	}
	return w.Edit(ctx, p, left)
}

// Edit offers to change an answer. It returns ErrAgain if the user does, and otherwise
// ends the walk like Confirm.
func (w *Walk) Edit(ctx context.Context, p Prompter, left string) error {
	choice := Choice{Title: "Change an answer, or quit", Default: quit}
	for _, s := range w.Steps {
		if s.Answer == nil {
			continue
		}
		choice.Options = append(choice.Options, Option{Label: fmt.Sprintf("%-18s %s", s.Title, s.Answer()), Value: s.Title})
	}
	choice.Options = append(choice.Options, Option{Label: "quit without sending anything", Value: quit})
	step, err := p.Select(ctx, choice)
	switch {
	case err != nil:
		return err
	case step == quit:
		return failure.New(failure.Interrupted, "cancelled: %s", left)
	}
	w.Reopen(step)
	return ErrAgain
}
