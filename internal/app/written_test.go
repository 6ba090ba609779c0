package app

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/iostreams"
	"github.com/bayworks/stockctl/internal/prompt"
)

// The message of a write says LIVE with a live key, and nothing with a test key.
func TestWrittenMarksALiveKey(t *testing.T) {
	for key, want := range map[string]string{
		"pk_live_0123456789abcdef": " in profile default (LIVE)",
		"pk_test_0123456789abcdef": " in profile default",
	} {
		streams, _, _, _ := iostreams.Test()
		a := New(streams, Build{})
		env := map[string]string{"HOME": t.TempDir(), "STOCKCTL_MERCHANT_API_KEY": key}
		a.LookupEnv = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
		a.Flags = pflag.NewFlagSet("", pflag.ContinueOnError)
		if got := a.Written(); got != want {
			t.Errorf("%s: %q, want %q", key[:7], got, want)
		}
	}
}

// answering is a person who says yes or no, and remembers the question.
type answering struct {
	prompt.Prompter
	yes   bool
	asked string
}

func (p *answering) Confirm(_ context.Context, title string, _ bool) (bool, error) {
	p.asked = title
	return p.yes, nil
}

// On a terminal a profile that confirms asks before a write, and no sends nothing;
// other profiles ask nothing.
func TestConsentAsksIfTheProfileRequiresIt(t *testing.T) {
	for text, asks := range map[string]bool{"profiles:\n  default:\n    confirm: true\n": true, "profiles: {default: {}}\n": false} {
		for _, yes := range []bool{true, false} {
			streams, _, _, _ := iostreams.Test()
			streams.InTTY, streams.ErrTTY = true, true
			a := New(streams, Build{})
			file := filepath.Join(t.TempDir(), "config.yaml")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			env := map[string]string{"HOME": t.TempDir(), "STOCKCTL_CONFIG": file, "STOCKCTL_MERCHANT_API_KEY": "pk_live_0123456789abcdef"}
			a.LookupEnv = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
			a.Flags = pflag.NewFlagSet("", pflag.ContinueOnError)
			person := &answering{yes: yes}
			a.Prompter = person
			err := a.Consent(t.Context(), "Adjust KET-RED@HRB by -3")
			want := ""
			if asks {
				want = "Adjust KET-RED@HRB by -3 in profile default (LIVE)?"
			}
			if person.asked != want {
				t.Errorf("asked %q, want %q", person.asked, want)
			}
			if refused := failure.KindOf(err) == failure.Interrupted; refused != (asks && !yes) {
				t.Errorf("asks %t, answer %t: %v", asks, yes, err)
			}
		}
	}
}
