package prompt

import (
	"github.com/charmbracelet/bubbles/help"
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"
	"github.com/charmbracelet/lipgloss"
)

// once is a field that takes no more keys after the one that answers: the form
// stays for a moment, and a y typed ahead of the next question would turn this
// one's no around.
type once struct {
	huh.Field
	answers func(tea.KeyMsg) bool
	done    bool
	canBack bool // Shift-Tab leaves the question
	back    bool // it did
}

// Update lets through what comes before the answer.
func (o *once) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if pressed, ok := msg.(tea.KeyMsg); ok {
		if o.done || o.back {
			return o, nil
		}
		if o.canBack && pressed.Type == tea.KeyShiftTab {
			o.back = true
			return o, tea.Quit
		}
		o.done = o.answers(pressed)
	}
	_, cmd := o.Field.Update(msg)
	return o, cmd
}

// KeyBinds are the keys that the line below the question names.
func (o *once) KeyBinds() []key.Binding {
	binds := o.Field.KeyBinds()
	if o.canBack {
		binds = append(binds, key.NewBinding(key.WithKeys("shift+tab"), key.WithHelp("shift+tab", "back")))
	}
	return binds
}

// liveInput is huh's input that says what is wrong while it is typed; by
// itself huh checks on Enter alone.
type liveInput struct {
	*huh.Input
	question Question
	width    int
}

// text is what stands in the field.
func (l *liveInput) text() string {
	text, _ := l.GetValue().(string)
	return text
}

// Update lets huh do its work and then looks at the text. An empty field that
// was never submitted is not told to be wrong.
func (l *liveInput) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	_, cmd := l.Input.Update(msg)
	pressed, isKey := msg.(tea.KeyMsg)
	if !isKey {
		return l, cmd
	}
	help := l.question.Help
	if err := l.question.valid(l.text()); err != nil && (l.text() != "" || pressed.Type == tea.KeyEnter) {
		help = "✗ " + err.Error()
	}
	l.Description(label(help, l.width))
	return l, cmd
}

// answers tells whether a key ends the question.
func (l *liveInput) answers(k tea.KeyMsg) bool {
	return k.Type == tea.KeyEnter && l.question.valid(l.text()) == nil
}

// theme is modest, for light and dark terminals. Without colour the button that
// Enter presses is reversed and what is not typed is faint.
func theme(color bool) *huh.Theme {
	if color {
		t := huh.ThemeBase16()
		t.Focused.Base = t.Focused.Base.BorderForeground(lipgloss.Color("8"))
		return t
	}
	t := huh.ThemeBase()
	button := t.Focused.BlurredButton.UnsetForeground().UnsetBackground()
	t.Focused.BlurredButton = button
	t.Focused.FocusedButton = button.Reverse(true)
	t.Focused.TextInput.Placeholder = lipgloss.NewStyle().Faint(true)
	t.Help = help.Styles{}
	return t
}
