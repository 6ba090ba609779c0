package cmd

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/cmd/topic"
	"github.com/bayworks/stockctl/internal/failure"
)

// walk visits every command except cobra's own completion and help.
func walk(c *cobra.Command, visit func(*cobra.Command)) {
	visit(c)
	for _, sub := range c.Commands() {
		if sub.Name() != "completion" && sub.Name() != "help" {
			walk(sub, visit)
		}
	}
}

// Every command must have a description, a usage and an argument check.
func TestEveryCommandIsDocumented(t *testing.T) {
	count := 0
	walk(Tree(), func(c *cobra.Command) {
		count++
		path := c.CommandPath()
		if c.Short == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: Short is %q: one phrase without a full stop", path, c.Short)
		}
		topic := c.IsAdditionalHelpTopicCommand() // its text contains the examples
		if c.Long == "" || !topic && !strings.Contains(c.Example, "stockctl") && !strings.Contains(c.Example, "go run .") {
			t.Errorf("%s: it needs a Long and an Example", path)
		}
		if c.Args == nil {
			t.Errorf("%s: Args is not set: any word would be accepted", path)
		}
		for _, line := range strings.Split(c.Long+"\n"+c.Example, "\n") {
			if len([]rune(line)) > 150 || len([]rune(line)) > 84 && !strings.HasPrefix(line, "  ") {
				t.Errorf("%s: a line of the help is too long: %q", path, line)
			}
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" {
				t.Errorf("%s --%s has no usage", path, f.Name)
			}
		})
	})
	if count < 15 {
		t.Errorf("only %d commands found", count)
	}
}

// A local flag may have the name of a global one only if it sets the same value.
func TestFlagsMeanOneThing(t *testing.T) {
	root := Tree()
	walk(root, func(c *cobra.Command) {
		c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if root.PersistentFlags().Lookup(f.Name) != nil && c.CommandPath() != "stockctl profile set" {
				t.Errorf("%s --%s hides the global flag", c.CommandPath(), f.Name)
			}
		})
	})
}

// The exit codes in the help must match those in the code.
func TestExitCodesInHelp(t *testing.T) {
	for kind, code := range map[failure.Kind]int{
		failure.Unexpected: 1, failure.Usage: 2, failure.Config: 3, failure.Auth: 4, failure.Permission: 5,
		failure.NotFound: 6, failure.Refused: 7, failure.AlreadyExists: 7, failure.Unavailable: 8,
		failure.OutcomeUnknown: 9, failure.Partial: 10, failure.Condition: 11, failure.Interrupted: 130, failure.Terminated: 143,
	} {
		if got := ExitCode(kind); got != code {
			t.Errorf("%s exits %d, want %d: the codes never change", kind, got, code)
		}
		if !strings.Contains(exitCodesHelp, fmt.Sprintf("%d  ", code)) {
			t.Errorf("the help does not list exit code %d", code)
		}
		if !strings.Contains(topic.ExitCodes(nil).Long, fmt.Sprintf("\n  %-6d", code)) {
			t.Errorf("the topic does not list exit code %d", code)
		}
	}
}

// A branch must be found by the name and every alias of its command.
func TestBranchesHaveAllNames(t *testing.T) {
	root := Tree()
	for _, b := range branches() {
		cmd, _, err := root.Find(b.names[:1])
		if err != nil {
			t.Fatal(err)
		}
		if want := append([]string{cmd.Name()}, cmd.Aliases...); !slices.Equal(b.names, want) {
			t.Errorf("%s: the names are %q, want %q", cmd.Name(), b.names, want)
		}
	}
}
