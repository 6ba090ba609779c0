package cmd

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/iostreams"
	"github.com/bayworks/stockctl/internal/prompt"
)

// chooser is a person who chooses the first option.
type chooser struct{ prompt.Prompter }

func (chooser) Select(_ context.Context, c prompt.Choice) (string, error) {
	return c.Options[0].Value, nil
}

// What is stored on this machine is read once, to see whether there is anything to offer
// and to offer it.
func TestAStoredListIsReadOnce(t *testing.T) {
	streams, _, _, _ := iostreams.Test()
	streams.InTTY, streams.ErrTTY = true, true
	a := app.New(streams, app.Build{})
	home := t.TempDir()
	a.LookupEnv = func(name string) (string, bool) {
		if name == "STOCKCTL_CONFIG" {
			return filepath.Join(home, "config.yaml"), true
		}
		return "", false
	}
	a.Prompter = chooser{}
	read, got := 0, ""
	c := &cobra.Command{
		Use: "show RUN", Args: cobra.ExactArgs(1), SilenceUsage: true,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			read++
			return []cobra.Completion{"RUN1\tmugs.csv", "RUN2\tbags.csv"}, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			got = args[0]
			return nil
		},
	}
	nameArguments(c, a)
	c.SetArgs([]string{})
	if err := c.ExecuteContext(t.Context()); err != nil || got != "RUN1" || read != 1 {
		t.Errorf("got %q after %d readings, %v", got, read, err)
	}
}
