package prompt

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"
	"github.com/charmbracelet/lipgloss"
)

// picker is a line of text above a list that narrows as the user or a scanner types.
// Enter takes the option that the text names in full, the only one left, or the one
// chosen with the arrow keys. It never takes an arbitrary one of several.
type picker struct {
	*huh.Input
	choice Choice
	width  int
	height int // lines of options
	frame  lipgloss.Style

	matches []int // the options that fit the text
	cursor  int   // index into matches
	moved   bool  // the arrow keys chose the current option
	text    string
	refused bool // Enter was pressed, but nothing matched the text
	chosen  int  // index of the answer; -1: none
}

func newPicker(q Choice, frame lipgloss.Style) *picker {
	p := &picker{choice: q, height: listHeight, frame: frame, chosen: -1}
	p.Input = huh.NewInput().Prompt("> ").Value(&p.text)
	p.filter("")
	at := slices.IndexFunc(q.Options, func(o Option) bool { return o.Value == q.Default })
	p.cursor = max(at, 0)
	return p
}

func (p *picker) fit(width int) {
	p.width = width
	p.Title(wrapped(p.choice.Title, width-4))
	p.describe("")
}

// filter keeps the options that contain every word of the text.
func (p *picker) filter(text string) {
	words := strings.Fields(strings.ToLower(text))
	p.matches, p.cursor, p.moved = p.matches[:0], 0, false
	for i, o := range p.choice.Options {
		all := strings.ToLower(o.Label + " " + strings.Join(o.names(), " "))
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(all, w) }) {
			p.matches = append(p.matches, i)
		}
	}
}

// names returns the texts that name an option in full.
func (o Option) names() []string { return append([]string{o.Value}, o.Names...) }

// named returns the only option that the text names in full, or -1. It ignores case,
// unless several options differ only in case.
func named(options []Option, text string) int {
	text = strings.TrimSpace(text)
	if text == "" {
		return -1
	}
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		found := -1
		for i, o := range options {
			if !slices.ContainsFunc(o.names(), func(name string) bool { return same(name, text) }) {
				continue
			}
			if found >= 0 {
				return -1
			}
			found = i
		}
		if found >= 0 {
			return found
		}
	}
	return -1
}

// answer returns the option that Enter takes, or why it takes none.
func (p *picker) answer() (option int, why string) {
	typed := strings.TrimSpace(p.text)
	if at := named(p.choice.Options, typed); at >= 0 && !p.moved {
		return at, ""
	}
	switch {
	case len(p.matches) == 0:
		return -1, fmt.Sprintf("nothing matches %q", typed)
	case p.moved || typed == "" || len(p.matches) == 1:
		return p.matches[p.cursor], ""
	}
	return -1, fmt.Sprintf("%d entries match %q: type more, or choose with the arrow keys", len(p.matches), typed)
}

// describe shows the help, how many options are left, or what is wrong.
func (p *picker) describe(wrong string) {
	text := p.choice.Help
	switch all := len(p.choice.Options); {
	case wrong != "":
		text = "✗ " + wrong
	case len(p.matches) < all || all > p.height:
		text = strings.TrimPrefix(fmt.Sprintf("%s · %d of %d", text, len(p.matches), all), " · ")
	}
	p.Description(wrapped(text, p.width-4))
}

// Update moves the cursor, takes the answer, or lets huh edit the text.
func (p *picker) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	pressed, isKey := msg.(tea.KeyMsg)
	if !isKey {
		_, cmd := p.Input.Update(msg)
		return p, cmd
	}
	steps := map[tea.KeyType]int{
		tea.KeyUp: -1, tea.KeyDown: 1, tea.KeyPgUp: -p.height, tea.KeyPgDown: p.height,
		tea.KeyCtrlP: -1, tea.KeyCtrlN: 1,
	}
	if step := steps[pressed.Type]; step != 0 {
		p.cursor = max(0, min(p.cursor+step, len(p.matches)-1))
		p.moved = true
		p.describe("")
		return p, nil
	}
	if pressed.Type == tea.KeyEnter {
		var why string
		if p.chosen, why = p.answer(); p.chosen < 0 {
			p.describe(why)
			p.refused = len(p.matches) == 0
			return p, nil
		}
	}
	if p.refused && pressed.Type == tea.KeyRunes { // the next scan replaces the text
		p.text = ""
		p.Value(&p.text)
	}
	p.refused = false
	before := p.text
	_, cmd := p.Input.Update(msg)
	if p.text, _ = p.GetValue().(string); p.text != before {
		p.filter(p.text)
		wrong := ""
		if len(p.matches) == 0 {
			_, wrong = p.answer()
		}
		p.describe(wrong)
	}
	return p, cmd
}

// answers reports whether a key ends the question.
func (p *picker) answers(k tea.KeyMsg) bool {
	at, _ := p.answer()
	return k.Type == tea.KeyEnter && at >= 0
}

// View returns the line of text and the part of the list around the cursor.
func (p *picker) View() string {
	from := max(0, min(p.cursor-p.height/2, len(p.matches)-p.height))
	var lines []string
	for i := from; i < min(from+p.height, len(p.matches)); i++ {
		mark, line := "  ", label(p.choice.Options[p.matches[i]].Label, p.width-6)
		if i == p.cursor {
			mark, line = "> ", lipgloss.NewStyle().Bold(true).Render(line)
		}
		lines = append(lines, mark+line)
	}
	for len(lines) < min(p.height, len(p.choice.Options)) {
		lines = append(lines, "") // a list whose height changes would leave debris
	}
	return p.Input.View() + "\n" + p.frame.Render(strings.Join(lines, "\n"))
}

// WithHeight fits the list into the given number of lines, and keeps the line of text one
// line high.
func (p *picker) WithHeight(lines int) huh.Field {
	const others = 2 // the description and the line of text
	title := strings.Count(wrapped(p.choice.Title, p.width-4), "\n") + 1
	p.height = max(3, min(listHeight, lines-others-title))
	return p
}
