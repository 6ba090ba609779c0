package cmd

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// Every help text must fit a terminal with 80 columns. Global flags are listed only on their
// own page.
func TestHelpFitsTheTerminal(t *testing.T) {
	walk(Tree(), func(c *cobra.Command) {
		text := helpText(c)
		for line := range strings.SplitSeq(text, "\n") {
			if len([]rune(line)) > helpWidth {
				t.Errorf("%s: wider than %d columns: %q", c.CommandPath(), helpWidth, line)
			}
		}
		global := strings.Contains(text, "--allow-http ")
		if want := c.CommandPath() == "stockctl flags"; global != want {
			t.Errorf("%s: lists the global flags: %v, want %v", c.CommandPath(), global, want)
		}
		if c.HasAvailableLocalFlags() && strings.Contains(text, "\nGlobal Flags:") {
			t.Errorf("%s: the global flags belong on their own page", c.CommandPath())
		}
	})
}

// On pages with both, examples come first and exit codes last.
func TestHelpIsInOrder(t *testing.T) {
	walk(Tree(), func(c *cobra.Command) {
		at := -1
		for _, title := range []string{"Usage", "Examples", "Flags", "Exit codes"} {
			found := strings.Index(helpText(c), "\n"+title+":\n")
			if found >= 0 && found < at {
				t.Errorf("%s: %s is out of order", c.CommandPath(), title)
			}
			at = max(at, found)
		}
	})
}

// Long lines in examples are wrapped only outside quotes, where a shell allows it.
func TestExamplesAreBrokenOutsideOfQuotes(t *testing.T) {
	line := `  stockctl inventory adjust KET-RED@HRB --qty=-3 --notes "a note that is --long and goes on and on and on" --action damaged`
	want := `  stockctl inventory adjust KET-RED@HRB --qty=-3 \
    --notes "a note that is --long and goes on and on and on" --action damaged`
	if got := wrapExamples(line); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
