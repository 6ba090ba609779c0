package failure_test

import (
	"os/exec"
	"strings"
	"testing"
	"unicode"

	"github.com/bayworks/stockctl/internal/failure"
)

// A shell must read the quoted word as exactly the value. Control characters are the
// exception: a suggested command has none, so the shell reads spaces.
func TestArg(t *testing.T) {
	for value, want := range map[string]string{
		"prod_abc123@LGS-01": "prod_abc123@LGS-01",
		"Article=sku":        "Article=sku",
		"a/b:c,d+e%f.g":      "a/b:c,d+e%f.g",
		"":                   "''",
		"two words":          "'two words'",
		"-rf":                "'-rf'",
		"-":                  "-",
		"=ls":                "'=ls'",
		"p$(id)":             "'p$(id)'",
		"x;touch P":          "'x;touch P'",
		"`id`":               "'`id`'",
		"it's":               `'it'\''s'`,
		"'":                  `''\'''`,
		`say "no"`:           `'say "no"'`,
		`a\b`:                `'a\b'`,
		"~":                  "'~'",
		"*":                  "'*'",
		"!!":                 "'!!'",
		"#N/A":               "'#N/A'",
		"K&N":                "'K&N'",
		"é":                  "'é'",
		"a\nb":               "'a b'",
		"\n":                 "' '",
		"a\r\n-rf":           "'a  -rf'",
		"\x1b[2J\x07\x7f":    "' [2J  '",
	} {
		got := failure.Arg(value)
		if got != want {
			t.Errorf("Arg(%q): got %s, want %s", value, got, want)
		}
		shell, err := exec.LookPath("sh")
		if err != nil {
			continue
		}
		meant := strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return ' '
			}
			return r
		}, value)
		read, err := exec.CommandContext(t.Context(), shell, "-c", "printf %s "+got).Output()
		if err != nil || string(read) != meant {
			t.Errorf("a shell reads %s as %q with the error %v, want %q", got, read, err, meant)
		}
	}
}
