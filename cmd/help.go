package cmd

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/failure"
)

// newHelpCmd returns `stockctl help`. For an unknown word, cobra's own help command shows
// the help of the root and succeeds, and it does not complete topics.
func newHelpCmd() *cobra.Command {
	return &cobra.Command{
		Use:               "help [COMMAND|TOPIC]",
		Short:             "Help about any command or topic",
		Long:              "Show the help of a command or of a topic: `stockctl --help` lists both.",
		Example:           "  stockctl help inventory create\n  stockctl help exit-codes",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: completeHelp,
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			switch {
			case err != nil:
				return err
			case len(rest) > 0 && about.HasAvailableSubCommands():
				return cli.Unknown(about, rest[0])
			case len(rest) > 0:
				return failure.Usagef("%s has no command %q", about.CommandPath(), rest[0]).Hint("see `%s --help`", about.CommandPath())
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}

// completeHelp completes the commands and topics below the words that were typed.
func completeHelp(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	about, rest, err := cmd.Root().Find(args)
	if err != nil || len(rest) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var words []string
	for _, c := range about.Commands() {
		if c.IsAvailableCommand() || c.IsAdditionalHelpTopicCommand() {
			words = append(words, cobra.CompletionWithDesc(c.Name(), c.Short))
		}
	}
	return slices.Clip(words), cobra.ShellCompDirectiveNoFileComp
}
