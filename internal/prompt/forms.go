package prompt

import (
	"context"
	"fmt"
	"os"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/iostreams"
)

// listHeight is the maximum height of a list of options, in lines.
const listHeight = 12

// hidden replaces a secret in the line that remains after a question.
const hidden = "********"

// forms prompts with huh forms, one question per form.
type forms struct {
	Options
	said []string // the answers on the screen
}

// run shows one field until it is answered. If the form ends in any other way, it is
// cancelled: in some cases huh returns no error.
func (f *forms) run(ctx context.Context, asked field) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	lipgloss.SetColorProfile(termenv.ANSI) // without a profile, the cursor is not drawn either
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	s := newScreen(f, &once{field: asked, canBack: CanGoBack(ctx)})
	in := f.In
	if file, ok := f.In.(*os.File); ok {
		s.typed = &lineReader{File: file, ctx: ctx, end: end}
		in = s.typed
	}
	program := tea.NewProgram(s, tea.WithInput(in), tea.WithOutput(f.Out), tea.WithoutSignalHandler())
	if s.typed != nil {
		s.typed.send = program.Send
	}
	stop := context.AfterFunc(ctx, program.Quit)
	_, err := program.Run()
	stop()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return fmt.Errorf("asking: %w", err)
	case s.field.back:
		return ErrBack
	case s.form.State != huh.StateCompleted:
		return failure.ErrCancelled
	}
	return nil
}

// answered prints the line with the answer that remains on the screen.
func (f *forms) answered(title, answer string) {
	if answer == "" {
		answer = "(none)"
	}
	colon := ":"
	if strings.HasSuffix(title, "?") {
		colon = ""
	}
	line := wrapped(fmt.Sprintf("✓ %s%s %s", title, colon, answer), f.Width)
	line = iostreams.Loud(strings.Replace(line, "✓", iostreams.Green("✓", f.Color), 1), f.Color)
	f.said = append(f.said, line)
	fmt.Fprintln(f.Out, line)
}

// Input asks for a line.
func (f *forms) Input(ctx context.Context, q Question) (string, error) {
	text, err := f.line(ctx, q, huh.EchoModeNormal)
	if err == nil {
		f.answered(q.Title, text)
	}
	return text, err
}

// Secret asks for a line that is shown as dots.
func (f *forms) Secret(ctx context.Context, q Question) (string, error) {
	text, err := f.line(ctx, q, huh.EchoModePassword)
	if err == nil {
		f.answered(q.Title, hidden)
	}
	return text, err
}

func (f *forms) line(ctx context.Context, q Question, echo huh.EchoMode) (string, error) {
	live := newLiveInput(q, echo)
	if err := f.run(ctx, live); err != nil {
		return "", err
	}
	text := live.text()
	if err := q.valid(text); err != nil {
		return "", err
	}
	return text, nil
}

// Select shows a list to choose from, which narrows as the user types.
func (f *forms) Select(ctx context.Context, q Choice) (string, error) {
	list := newPicker(q, theme(f.Color).Focused.Base)
	if err := f.run(ctx, list); err != nil {
		return "", err
	}
	if list.chosen < 0 {
		return "", failure.ErrCancelled
	}
	chosen := q.Options[list.chosen]
	f.answered(q.Title, strings.Join(strings.Fields(chosen.Label), " "))
	return chosen.Value, nil
}

// Confirm asks for yes or no.
func (f *forms) Confirm(ctx context.Context, title string, def bool) (bool, error) {
	yes := def
	if err := f.run(ctx, newYesNo(title, &yes, f.Color)); err != nil {
		return false, err
	}
	f.answered(title, map[bool]string{true: "yes", false: "no"}[yes])
	return yes, nil
}
