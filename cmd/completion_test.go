package cmd

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func TestUnquoted(t *testing.T) {
	for word, want := range map[string]string{
		"LGS-01": "LGS-01", "'x;touch P;'": "x;touch P;", `"a b"`: "a b", `a\ b`: "a b", `"a\"b\$\n"`: `a"b$\n`, `'it'\''s'`: "it's",
		"$(touch x)": "$(touch x)", "`id`": "`id`", "'open": "open", "": "", "''": "", `a\`: "a",
	} {
		if got := unquoted(word); got != want {
			t.Errorf("%s: got %s, want %s", word, got, want)
		}
	}
	t.Setenv(quotedWords, "1")
	if got := typedWords([]string{"__complete", "inventory", "'a b'"}); !slices.Equal(got, []string{"__complete", "inventory", "a b"}) {
		t.Errorf("got %q, want %q", got, []string{"__complete", "inventory", "a b"})
	}
	if got := typedWords([]string{"inventory", "'a b'"}); got[1] != "'a b'" {
		t.Errorf("a command that is run gets %q", got)
	}
}

// No completion script may let the shell evaluate the command line, and it is an error
// if our changes do not apply to cobra's scripts.
func TestCompletionScriptsEvaluateNothing(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		for _, descriptions := range []bool{true, false} {
			var script bytes.Buffer
			if err := Completion(Tree(), shell, &script, descriptions); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(script.String()) {
				code := strings.TrimSpace(line)
				if !strings.HasPrefix(code, "#") && (strings.Contains(code, "eval ") || strings.Contains(code, "Invoke-Expression")) {
					t.Errorf("the script for %s evaluates %s", shell, code)
				}
			}
			if strings.Contains(script.String(), "__completeNoDesc ") == descriptions {
				t.Errorf("%s, descriptions %v: the other request", shell, descriptions)
			}
		}
		if _, err := changed(shell, "another script"); err == nil {
			t.Errorf("%s: a script that does not match was accepted", shell)
		}
	}
}
