package prompt

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"
)

// maxWidth is the maximum width of a question, in columns.
const maxWidth = 100

// screen is the form of one question. It clears a question that the user left, and
// redraws it when the terminal is resized.
type screen struct {
	asker *forms
	form  *huh.Form
	field *once
	typed *lineReader        // nil: the input is not a terminal
	size  *tea.WindowSizeMsg // of the terminal; nil: not yet known
}

func newScreen(f *forms, asked *once) *screen {
	keys := huh.NewDefaultKeyMap()
	keys.Quit = key.NewBinding(key.WithKeys("ctrl+c"))
	keys.Input.AcceptSuggestion = key.NewBinding(key.WithKeys("right", "ctrl+e"), key.WithHelp("→", "complete"))
	keys.Input.Next = key.NewBinding(key.WithKeys("enter"))
	s := &screen{asker: f, field: asked}
	s.form = huh.NewForm(huh.NewGroup(asked)).WithTheme(theme(f.Color)).WithKeyMap(keys).WithShowErrors(false)
	// Ctrl-C and the end of the context also make the program quit. The library would
	// instead kill it while it still reads the terminal.
	s.form.SubmitCmd, s.form.CancelCmd = tea.Quit, tea.Quit
	s.fit(f.Width)
	return s
}

func (s *screen) fit(width int) {
	s.asker.Width = width
	s.field.fit(min(width, maxWidth))
	s.form.WithWidth(min(width, maxWidth))
}

// Init starts the form.
func (s *screen) Init() tea.Cmd { return s.form.Init() }

// Update passes everything to the form.
func (s *screen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, is := msg.(allRead); is {
		return s, nil
	}
	size, resized := msg.(tea.WindowSizeMsg)
	again := resized && size.Width != s.asker.Width
	if again && size.Width > 0 {
		s.fit(size.Width)
	}
	_, cmd := s.form.Update(msg)
	if s.typed != nil {
		s.typed.over.Store(s.field.done || s.field.back || s.form.State != huh.StateNormal)
	}
	if !resized && s.size != nil {
		s.form.Update(*s.size) // a text that now takes more lines needs more height
	}
	if again && s.size != nil {
		// Terminals differ in how they wrap lines that no longer fit, so a program cannot
		// know where the question begins.
		cmd = tea.Sequence(tea.ClearScreen, tea.Println(strings.Join(s.asker.said, "\n")), cmd)
	}
	if resized {
		s.size = &size
	}
	return s, cmd
}

// View returns the form, or nothing if the user left the question.
func (s *screen) View() string {
	if s.field.back {
		return ""
	}
	return s.form.View()
}
