package prompt

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"github.com/bayworks/stockctl/internal/failure"
)

// listHeight is the most lines a list of options takes.
const listHeight = 12

// hidden stands for a secret in the line that a question leaves behind.
const hidden = "********"

// forms asks by huh forms, one question a form.
type forms struct{ Options }

// run shows one field until it is answered. A form that ends in another way
// than by its answer is cancelled: huh returns no error on some of those.
func (f *forms) run(ctx context.Context, field *once) error {
	field.canBack = canGoBack(ctx)
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	lipgloss.SetColorProfile(termenv.ANSI) // without any, the cursor is not drawn either
	keys := huh.NewDefaultKeyMap()
	keys.Quit = key.NewBinding(key.WithKeys("ctrl+c"))
	keys.Input.AcceptSuggestion = key.NewBinding(key.WithKeys("right", "ctrl+e"), key.WithHelp("→", "complete"))
	keys.Input.Next = key.NewBinding(key.WithKeys("enter"))
	form := huh.NewForm(huh.NewGroup(field)).
		WithTheme(theme(f.Color)).WithKeyMap(keys).WithShowErrors(false).WithWidth(min(f.Width, 100))
	// Ctrl-C and the end of ctx ask the program to quit, too. The library's own
	// ways for both kill it while it still reads the terminal.
	form.SubmitCmd, form.CancelCmd = tea.Quit, tea.Quit
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	program := tea.NewProgram(form, tea.WithInput(f.input(end)), tea.WithOutput(f.Out), tea.WithoutSignalHandler())
	stop := context.AfterFunc(ctx, program.Quit)
	_, err := program.Run()
	stop()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return fmt.Errorf("asking: %w", err)
	case field.back:
		return ErrBack
	case form.State != huh.StateCompleted:
		return failure.ErrCancelled
	}
	return nil
}

// input is the terminal to read from; end is called when it goes away.
func (f *forms) input(end context.CancelCauseFunc) io.Reader {
	if file, ok := f.In.(*os.File); ok {
		return &hangup{file, end}
	}
	return f.In
}

// hangup ends a question when its terminal goes away: bubbletea takes the end
// of the input for a person who says nothing.
type hangup struct {
	*os.File
	end context.CancelCauseFunc
}

func (h *hangup) Read(b []byte) (int, error) {
	n, err := h.File.Read(b)
	if err != nil {
		h.end(failure.ErrCancelled)
	}
	return n, err
}

// answered leaves one line behind that tells what was answered.
func (f *forms) answered(title, answer string) {
	if answer == "" {
		answer = "(none)"
	}
	colon := ":"
	if strings.HasSuffix(title, "?") {
		colon = ""
	}
	fmt.Fprintf(f.Out, "✓ %s%s %s\n", label(title, f.Width), colon, label(answer, f.Width-len(title)-4))
}

// Input asks for a line.
func (f *forms) Input(ctx context.Context, q Question) (string, error) {
	text, err := f.line(ctx, q, huh.EchoModeNormal)
	if err == nil {
		f.answered(q.Title, text)
	}
	return text, err
}

// Secret asks for a line that shows as dots.
func (f *forms) Secret(ctx context.Context, q Question) (string, error) {
	text, err := f.line(ctx, q, huh.EchoModePassword)
	if err == nil {
		f.answered(q.Title, hidden)
	}
	return text, err
}

func (f *forms) line(ctx context.Context, q Question, echo huh.EchoMode) (string, error) {
	text := q.Default
	if unclean(text) {
		text = ""
	}
	input := huh.NewInput().Title(label(q.Title, f.Width)).Description(label(q.Help, f.Width-4)).
		Placeholder(label(q.Placeholder, f.Width-4)).EchoMode(echo).Value(&text).
		Validate(func(s string) error { return q.valid(s) })
	input.Suggestions(slices.DeleteFunc(slices.Clone(q.Suggestions), unclean))
	live := &liveInput{Input: input, question: q, width: f.Width - 4}
	if err := f.run(ctx, &once{Field: live, answers: live.answers}); err != nil {
		return "", err
	}
	if err := q.valid(text); err != nil {
		return "", err
	}
	return text, nil
}

// Select shows a list to choose from, which narrows as one types.
func (f *forms) Select(ctx context.Context, q Choice) (string, error) {
	list := newPicker(q, min(f.Width, 100), theme(f.Color).Focused.Base)
	if err := f.run(ctx, &once{Field: list, answers: list.answers}); err != nil {
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
	field := huh.NewConfirm().Title(label(title, f.Width)).Value(&yes)
	answers := func(k tea.KeyMsg) bool { return slices.Contains([]string{"enter", "y", "Y", "n", "N"}, k.String()) }
	if err := f.run(ctx, &once{Field: field, answers: answers}); err != nil {
		return false, err
	}
	f.answered(title, map[bool]string{true: "yes", false: "no"}[yes])
	return yes, nil
}
