package cmd

import (
	"regexp"
	"strconv"
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

// Every command that does something lists the exit codes that have a particular meaning for
// it, from 0 upwards.
func TestEveryCommandListsItsExitCodes(t *testing.T) {
	line := regexp.MustCompile(`^  (\d+)(?:, (\d+))? +\S|^  (?:[A-Za-z]|   )`) // or more about the codes
	walk(Tree(), func(c *cobra.Command) {
		if isGroup(c) || c.IsAdditionalHelpTopicCommand() {
			return
		}
		last := -1
		_, codes, _ := strings.Cut(c.Long, "\nExit codes:\n")
		for text := range strings.SplitSeq(codes, "\n") {
			found := line.FindStringSubmatch(text)
			if found == nil {
				t.Errorf("%s: not an exit code: %q", c.CommandPath(), text)
				return
			}
			for _, digits := range found[1:] {
				code, err := strconv.Atoi(digits)
				switch {
				case digits == "":
				case err != nil, code <= last, last < 0 && code != 0:
					t.Errorf("%s: exit code %q after %d", c.CommandPath(), digits, last)
				default:
					last = code
				}
			}
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
