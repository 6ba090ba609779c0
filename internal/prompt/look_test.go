//go:build !windows

package prompt_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/prompt"
)

// Text from a server is not offered if it cannot be displayed exactly.
func TestInputHostileOffers(t *testing.T) {
	s := newTerminal(t, 24)
	p := prompt.New(s.options())
	done := ask(func() (string, error) {
		return p.Input(t.Context(), prompt.Question{Title: "Product", Suggestions: []string{"prod_\x1b]0;owned\a1", "prod_\u202e2"}, Default: "x\u202ey"})
	})
	s.see("Product")
	s.press("\x15prod_")
	s.see("prod_")
	s.press(down)
	s.press(enter)
	_, _ = wait(t, done)
	s.see("✓ Product")
	for _, bad := range []string{"owned", "\a", "\u202e"} {
		if strings.Contains(s.raw(), bad) {
			t.Errorf("%q reached the terminal: %q", bad, s.raw())
		}
	}
}

// Labels come from a server: they must not draw anything but their text.
func TestSelectHostileLabels(t *testing.T) {
	s := newTerminal(t, 24)
	p := prompt.New(s.options())
	q := prompt.Choice{Title: "Ware\x1b]0;owned\ahouse", Options: []prompt.Option{
		{Label: "evil\x1b[2J\r\n\u202egnol " + strings.Repeat("長", 60), Value: "wh_\x1b[2J"},
		{Label: "good", Value: "wh_good"},
	}}
	done := ask(func() (string, error) { return p.Select(t.Context(), q) })
	s.see("Ware·]0;owned·house")
	s.see("evil·[2J")
	s.press(enter)
	got(t, done, "wh_\x1b[2J")
	s.see("✓ Ware·]0;owned·house: evil·[2J")
	s.restored()
	for _, bad := range []string{"\x1b]0;", "\u202e"} {
		if strings.Contains(s.raw(), bad) {
			t.Errorf("%q reached the terminal", bad)
		}
	}
	for line := range strings.Lines(s.text()) {
		line = line[strings.LastIndex(strings.TrimRight(line, "\r\n"), "\r")+1:]
		if n := len([]rune(strings.ReplaceAll(strings.TrimRight(line, "\r\n"), "長", "xx"))); n > 80 {
			t.Errorf("a line is %d columns wide: %q", n, line)
		}
	}
}

// Without colour, it must still be clear which button is selected, and where the typed
// text ends and the suggestion begins.
func TestNoColor(t *testing.T) {
	s := newTerminal(t, 24)
	o := s.options()
	o.Color = false
	p := prompt.New(o)
	done := ask(func() (bool, error) { return p.Confirm(t.Context(), "Create it?", false) })
	s.see("No")
	if !strings.Contains(s.raw(), "\x1b[7m") {
		t.Errorf("no button is marked: %q", s.raw())
	}
	s.press(enter)
	got(t, done, false)

	typed := ask(func() (string, error) {
		return p.Input(t.Context(), prompt.Question{Title: "Product", Suggestions: []string{"prod_abc123"}})
	})
	s.see("Product")
	s.press("prod_")
	s.see("prod_abc123")
	if !strings.Contains(s.raw(), "\x1b[2m") {
		t.Errorf("the suggestion looks typed: %q", s.raw())
	}
	s.press(enter)
	got(t, typed, "prod_")
	if c := regexp.MustCompile(`\x1b\[([0-9;]*;)?(3[0-8]|4[0-8]|9[0-7]|10[0-7])(;[0-9;]*)?m`).FindString(s.raw()); c != "" {
		t.Errorf("colour %q in %q", c, s.raw())
	}
}
