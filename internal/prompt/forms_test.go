//go:build !windows

package prompt_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/prompt"
)

// code is a question for which an answer must look like LGS-01.
func code() prompt.Question {
	return prompt.Question{Title: "Code", Help: "as on the door", Validate: func(s string) error {
		if !strings.Contains(s, "-") {
			return errors.New("a code has a dash")
		}
		return nil
	}}
}

func TestInputTyped(t *testing.T) {
	s := newTerminal(t, 24)
	p := prompt.New(s.options())
	done := ask(func() (string, error) { return p.Input(t.Context(), code()) })

	s.see("Code")
	s.see("as on the door")
	s.press("LGS")
	s.see("✗ a code has a dash") // while typing, before Enter
	s.press(enter)
	s.press(right + "-01") // without the arrow key, it would replace the text
	s.see("as on the door")
	s.press(enter)
	got(t, done, "LGS-01")
	s.see("✓ Code: LGS-01\r\n")
	s.restored()
}

// A scanner cannot delete a text that was refused: the next scan replaces it.
func TestInputScannedAfterARefusal(t *testing.T) {
	s := newTerminal(t, 24)
	p := prompt.New(s.options())
	done := ask(func() (string, error) { return p.Input(t.Context(), code()) })
	s.see("Code")
	s.press("4006381333931" + enter + "LGS" + enter + "LGS-01" + enter)
	got(t, done, "LGS-01")
}

func TestInputBlankEnter(t *testing.T) {
	s := newTerminal(t, 24)
	p := prompt.New(s.options())
	done := ask(func() (string, error) { return p.Input(t.Context(), code()) })

	s.see("as on the door")
	if strings.Contains(s.text(), "✗") {
		t.Error("a field that was not touched is reported as wrong")
	}
	s.press(enter)
	s.see("✗ a code has a dash")
	s.press("A-1" + enter)
	got(t, done, "A-1")
}

func TestInputDefaultAndNothing(t *testing.T) {
	s := newTerminal(t, 24)
	p := prompt.New(s.options())
	done := ask(func() (string, error) {
		return p.Input(t.Context(), prompt.Question{Title: "Shelf", Default: "B-02-1"})
	})
	s.see("B-02-1")
	s.press(enter)
	got(t, done, "B-02-1")
	s.see("✓ Shelf: B-02-1")

	done = ask(func() (string, error) { return p.Input(t.Context(), prompt.Question{Title: "Notes"}) })
	s.see("Notes")
	s.press(enter)
	got(t, done, "")
	s.see("✓ Notes: (none)")
}

func TestInputSuggestion(t *testing.T) {
	s := newTerminal(t, 24)
	p := prompt.New(s.options())
	done := ask(func() (string, error) {
		return p.Input(t.Context(), prompt.Question{Title: "Product", Suggestions: []string{"prod_abc123", "prod_phone_789"}})
	})
	s.see("Product")
	s.press("prod_p")
	s.see("prod_phone_789")
	s.press(right + enter)
	got(t, done, "prod_phone_789")
}

// Text that arrives in one piece, from a scanner or the clipboard, is complete.
func TestInputFast(t *testing.T) {
	long := strings.Repeat("0123456789é", 30)
	for _, test := range []struct{ name, keys, want string }{
		{"long", long, long},
		{"pasted lines", "\x1b[200~B-02\nB-03\x1b[201~", "B-02 B-03"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newTerminal(t, 24)
			p := prompt.New(s.options())
			done := ask(func() (string, error) { return p.Input(t.Context(), prompt.Question{Title: "Scan"}) })
			s.see("Scan")
			s.press(test.keys + enter)
			got(t, done, test.want)
		})
	}
}

func TestSecret(t *testing.T) {
	s := newTerminal(t, 24)
	p := prompt.New(s.options())
	done := ask(func() (string, error) { return p.Secret(t.Context(), prompt.Question{Title: "Password"}) })
	s.see("Password")
	s.press("hunter2")
	s.see("*******")
	s.press(enter)
	got(t, done, "hunter2")
	s.see("✓ Password: ********\r\n")
	s.restored()
	if strings.Contains(s.text(), "hunter") {
		t.Errorf("the secret is on the screen: %q", s.text())
	}
}

func warehouses() prompt.Choice {
	return prompt.Choice{Title: "Warehouse", Help: "where the stock is", Default: "wh_def456", Options: []prompt.Option{
		{Label: "LGS-01  Lagos Main", Value: "wh_abc123"},
		{Label: "ABJ-01  Abuja", Value: "wh_def456"},
		{Label: "KAN-02  Kano", Value: "wh_ghi789"},
	}}
}

func TestSelect(t *testing.T) {
	for _, test := range []struct{ name, keys, value, line string }{
		{"default", enter, "wh_def456", "✓ Warehouse: ABJ-01 Abuja"},
		{"arrow", down + enter, "wh_ghi789", "✓ Warehouse: KAN-02 Kano"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newTerminal(t, 24)
			p := prompt.New(s.options())
			done := ask(func() (string, error) { return p.Select(t.Context(), warehouses()) })
			s.see("where the stock is")
			s.see("> ABJ-01  Abuja")
			s.press(test.keys)
			got(t, done, test.value)
			s.see(test.line + "\r\n")
			s.restored()
		})
	}
}

// A list longer than the terminal begins at its default and can be filtered.
func TestSelectLong(t *testing.T) {
	q := prompt.Choice{Title: "SKU", Default: "sku_77"}
	for i := range 100 {
		n := string(rune('0'+i/10)) + string(rune('0'+i%10))
		q.Options = append(q.Options, prompt.Option{Label: "Size " + n, Value: "sku_" + n})
	}
	s := newTerminal(t, 10)
	p := prompt.New(s.options())
	done := ask(func() (string, error) { return p.Select(t.Context(), q) })
	s.see("> Size 77")
	s.press("42")
	s.see("> Size 42")
	s.press(enter)
	got(t, done, "sku_42")
}

// Text that is typed or scanned, followed directly by Enter, chooses the option that it
// names in full, and never a different one.
func TestSelectByName(t *testing.T) {
	q := prompt.Choice{Title: "Warehouse", Options: []prompt.Option{
		{Label: "LGS-01  Lagos Main", Value: "wh_abc123", Names: []string{"LGS-01", "Lagos Main"}},
		{Label: "ABJ-010  Abuja North", Value: "wh_ghi789", Names: []string{"ABJ-010", "Abuja North"}},
		{Label: "ABJ-01  Abuja", Value: "wh_def456", Names: []string{"ABJ-01", "Abuja"}},
	}}
	for _, test := range []struct{ name, keys, refused, more, value string }{
		{"code", "ABJ-01" + enter, "", "", "wh_def456"},
		{"code in another case", "abj-01" + enter, "", "", "wh_def456"},
		{"name", "abuja north" + enter, "", "", "wh_ghi789"},
		{"id", "wh_ghi789" + enter, "", "", "wh_ghi789"},
		{"the only one that matches", "lagos" + enter, "", "", "wh_abc123"},
		{"arrow keys over a full name", "ABJ-01" + down + enter, "", "", "wh_def456"},
		{"nothing matches", "KAN" + enter, `nothing matches "KAN"`, "\x15LGS-01" + enter, "wh_abc123"},
		{"a scan after nothing matched", "KAN" + enter, `nothing matches "KAN"`, "LGS-01" + enter, "wh_abc123"},
		{"several match", "abj" + enter, `2 entries match "abj"`, down + enter, "wh_def456"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newTerminal(t, 24)
			p := prompt.New(s.options())
			done := ask(func() (string, error) { return p.Select(t.Context(), q) })
			s.see("> LGS-01")
			s.press(test.keys)
			if test.refused != "" {
				s.see(test.refused)
				s.press(test.more)
			}
			got(t, done, test.value)
			s.restored()
		})
	}
}

func TestConfirm(t *testing.T) {
	for _, test := range []struct {
		name, keys string
		def, want  bool
		line       string
	}{
		{"enter is the default no", enter, false, false, "✓ Create it? no"},
		{"enter is the default yes", enter, true, true, "✓ Create it? yes"},
		{"y", "y" + enter, false, true, "✓ Create it? yes"},
		{"yes", "YES" + enter, false, true, "✓ Create it? yes"},
		{"n", "n" + enter, true, false, "✓ Create it? no"},
		{"a scanned code", "YX-1" + enter + enter, false, false, "✓ Create it? no"},
		{"a scanned code before the answer", "KEY" + enter + "y" + enter, false, true, "✓ Create it? yes"},
		{"changed", "y\x7fn" + enter, true, false, "✓ Create it? no"},
		{"arrow", left + enter, false, true, "✓ Create it? yes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newTerminal(t, 24)
			p := prompt.New(s.options())
			done := ask(func() (bool, error) { return p.Confirm(t.Context(), "Create it?", test.def) })
			s.see("Create it?")
			s.press(test.keys)
			got(t, done, test.want)
			s.see(test.line + "\r\n")
			s.restored()
		})
	}
}

// Text other than a yes or no is refused with a message.
func TestConfirmRefusesOtherTexts(t *testing.T) {
	s := newTerminal(t, 24)
	p := prompt.New(s.options())
	done := ask(func() (bool, error) { return p.Confirm(t.Context(), "Create it?", false) })
	s.see("Create it?")
	s.press("YX-1" + enter)
	s.see("┃ ✗ answer y or n")
	s.press("y" + enter)
	got(t, done, true)
	s.restored()
}

// Keys after the one that answers do not change the answer, although the form is still
// there for a moment.
func TestKeysAfterTheAnswer(t *testing.T) {
	t.Run("input", func(t *testing.T) {
		s := newTerminal(t, 24)
		p := prompt.New(s.options())
		done := ask(func() (string, error) { return p.Input(t.Context(), prompt.Question{Title: "Quantity"}) })
		s.see("Quantity")
		s.press("5" + enter + "0" + enter)
		got(t, done, "5")
	})
	t.Run("select", func(t *testing.T) {
		s := newTerminal(t, 24)
		p := prompt.New(s.options())
		done := ask(func() (string, error) { return p.Select(t.Context(), warehouses()) })
		s.see("Warehouse")
		s.press(enter + down + enter)
		got(t, done, "wh_def456")
	})
	t.Run("confirm", func(t *testing.T) {
		s := newTerminal(t, 24)
		p := prompt.New(s.options())
		done := ask(func() (bool, error) { return p.Confirm(t.Context(), "Create it?", false) })
		s.see("Create it?")
		s.press(enter + "y")
		got(t, done, false)
	})
}
