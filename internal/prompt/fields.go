package prompt

import (
	"slices"

	"github.com/charmbracelet/bubbles/help"
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"
	"github.com/charmbracelet/lipgloss"

	"github.com/bayworks/stockctl/internal/iostreams"
)

// field is a field of huh that knows which key answers it, and that fits its texts to a
// terminal.
type field interface {
	huh.Field
	answers(k tea.KeyMsg) bool
	fit(width int)
}

// once is a field that ignores keys after the one that answers it. The form is still
// there for a moment, and a y that was typed ahead for the next question must not change
// this answer.
type once struct {
	field
	done    bool
	canBack bool // Shift-Tab leaves the question
	back    bool // it did
}

// Update passes messages on until the question is answered.
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
	_, cmd := o.field.Update(msg)
	return o, cmd
}

// KeyBinds returns the keys to list below the question.
func (o *once) KeyBinds() []key.Binding {
	binds := o.field.KeyBinds()
	if o.canBack {
		binds = append(binds, key.NewBinding(key.WithKeys("shift+tab"), key.WithHelp("shift+tab", "back")))
	}
	return binds
}

// liveInput is huh's input, but reports what is wrong while the user types. Huh only
// checks on Enter.
type liveInput struct {
	*huh.Input
	question Question
	width    int
	wrong    string
	refused  bool // Enter was pressed, but the text is wrong: the next scan replaces it
}

func newLiveInput(q Question, echo huh.EchoMode) *liveInput {
	text := q.Default
	if unclean(text) {
		text = ""
	}
	input := huh.NewInput().EchoMode(echo).Value(&text).Validate(q.valid)
	input.Suggestions(slices.DeleteFunc(slices.Clone(q.Suggestions), unclean))
	return &liveInput{Input: input, question: q}
}

func (l *liveInput) fit(width int) {
	l.width = width
	l.Title(wrapped(l.question.Title, width-4)).Placeholder(label(l.question.Placeholder, width-4))
	l.describe()
}

func (l *liveInput) describe() {
	if l.wrong != "" {
		l.Description(wrapped("✗ "+l.wrong, l.width-4))
		return
	}
	l.Description(wrapped(l.question.Help, l.width-4))
}

// text returns the content of the field.
func (l *liveInput) text() string {
	text, _ := l.GetValue().(string)
	return text
}

// Update passes the message to huh, and then checks the text. An empty field is only
// reported as wrong on Enter. What is typed after that replaces the text, because a
// scanner cannot delete it; a person can still edit it with Backspace or an arrow key.
func (l *liveInput) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	pressed, isKey := msg.(tea.KeyMsg)
	if l.refused && isKey && pressed.Type == tea.KeyRunes {
		none := ""
		l.Value(&none)
	}
	_, cmd := l.Input.Update(msg)
	if !isKey {
		return l, cmd
	}
	l.refused = pressed.Type == tea.KeyEnter && !l.answers(pressed)
	l.wrong = ""
	if err := l.question.valid(l.text()); err != nil && (l.text() != "" || pressed.Type == tea.KeyEnter) {
		l.wrong = err.Error()
	}
	l.describe()
	return l, cmd
}

func (l *liveInput) answers(k tea.KeyMsg) bool {
	return k.Type == tea.KeyEnter && l.question.valid(l.text()) == nil
}

// yesNoField is huh's choice between two buttons. Only Enter answers it, not a y alone: a
// scanned text must not confirm a write because it begins with y.
type yesNoField struct {
	*huh.Confirm
	title string
	yes   *bool
	def   bool
	typed string // since the last Enter
	wrong bool   // something else was typed
	width int
	color bool
}

func newYesNo(title string, yes *bool, color bool) *yesNoField {
	return &yesNoField{Confirm: huh.NewConfirm().Value(yes), title: title, yes: yes, def: *yes, color: color}
}

func (y *yesNoField) fit(width int) {
	y.width = width
	y.Title(iostreams.Loud(wrapped(y.title, width-4), y.color))
	if y.wrong {
		y.Description("✗ answer y or n")
	}
}

// word returns the typed answer. ok is false if the text is neither yes nor no. If
// nothing was typed, the selected button counts.
func (y *yesNoField) word() (yes, ok bool) {
	if y.typed == "" {
		return *y.yes, true
	}
	if yes, ok = yesNo(y.typed); !ok {
		yes = y.def
	}
	return yes, ok
}

// Update collects typed characters into a word, and passes other keys to huh.
func (y *yesNoField) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if pressed, isKey := msg.(tea.KeyMsg); isKey {
		_, ok := y.word()
		switch {
		case pressed.Type == tea.KeyRunes || pressed.Type == tea.KeySpace:
			y.typed += string(pressed.Runes)
			*y.yes, _ = y.word()
			return y, nil
		case pressed.Type == tea.KeyBackspace:
			y.typed = ""
			*y.yes = y.def
			return y, nil
		case pressed.Type == tea.KeyEnter && !ok:
			y.typed, y.wrong = "", true
			y.fit(y.width)
			return y, nil
		}
	}
	_, cmd := y.Confirm.Update(msg)
	return y, cmd
}

func (y *yesNoField) answers(k tea.KeyMsg) bool {
	_, ok := y.word()
	return k.Type == tea.KeyEnter && ok
}

// theme is subdued, for light and dark terminals. Without colour, the selected button is
// reversed and the placeholder is faint.
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
	base := t.Blurred.Base
	t.Blurred = t.Focused // a form that has ended may be drawn once more
	t.Blurred.Base = base
	t.Help = help.Styles{}
	return t
}
