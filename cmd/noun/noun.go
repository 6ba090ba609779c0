// Package noun makes the commands that only hold other commands: `inventory`,
// `auth`. It knows none of them.
package noun

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/internal/failure"
)

// New fills in a group command and adds its verbs. Called without a verb it
// shows its help; an unknown verb is a usage error, which cobra alone would
// answer with the help and success.
func New(cmd *cobra.Command, verbs ...*cobra.Command) *cobra.Command {
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		return Unknown(cmd, args[0])
	}
	cmd.AddCommand(verbs...)
	return cmd
}

// Unknown is the error for a word that is no command below cmd.
func Unknown(cmd *cobra.Command, word string) error {
	var names, topics []string
	for _, c := range cmd.Commands() {
		switch {
		case c.IsAvailableCommand():
			names = append(names, c.Name())
		case c.IsAdditionalHelpTopicCommand():
			topics = append(topics, c.Name())
		}
	}
	err := failure.Usagef("unknown command %q for %q", word, cmd.CommandPath())
	if near := failure.Nearest(word, slices.Concat(names, topics)); len(near) > 0 {
		return err.Hint("did you mean `%s %s`?", cmd.CommandPath(), near[0])
	}
	if deeper := named(cmd, word); len(deeper) > 0 && len(deeper) <= 4 {
		return err.Hint("did you mean %s?", failure.OneOf(deeper))
	}
	return err.Hint("it has %s: see `%s --help`", strings.Join(names, ", "), cmd.CommandPath())
}

// named lists the commands two levels below cmd that have the name.
func named(cmd *cobra.Command, name string) []string {
	var found []string
	for _, c := range cmd.Commands() {
		for _, sub := range c.Commands() {
			if sub.Name() == name && sub.IsAvailableCommand() {
				found = append(found, "`"+sub.CommandPath()+"`")
			}
		}
	}
	return found
}

// Exclusive is a usage error when two of the flags were given; cobra's own check
// says it in words for programmers.
func Exclusive(cmd *cobra.Command, flags ...string) error {
	given := ""
	for _, name := range flags {
		if !cmd.Flags().Changed(name) {
			continue
		}
		if given != "" {
			return failure.Usagef("--%s and --%s do not go together", given, name)
		}
		given = name
	}
	return nil
}

// takesEmpty marks flags for which an empty value is an order.
const takesEmpty = "stockctl_takes_empty"

// TakesEmpty lets flags be given an empty value: to take a setting away. The
// flags must be declared.
func TakesEmpty(cmd *cobra.Command, flags ...string) {
	for _, name := range flags {
		must(cmd.Flags().SetAnnotation(name, takesEmpty, []string{"true"}))
	}
}

// RefuseEmpty is a usage error when a flag or an argument was given an empty
// value: whoever wrote `--warehouse "$W"` did not mean every warehouse.
func RefuseEmpty(cmd *cobra.Command, args []string) error {
	var err error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if err == nil && f.Annotations[takesEmpty] == nil && isEmpty(f.Value) {
			err = failure.Usagef("--%s is given, but empty", f.Name).
				Hint("give it a value, or leave the flag out; a variable in it may not be set")
		}
	})
	if err == nil && slices.Contains(args, "") {
		err = failure.Usagef("an argument is given, but empty").Hint("see `%s --help`; a variable in it may not be set", cmd.CommandPath())
	}
	return err
}

func isEmpty(v pflag.Value) bool {
	switch list, is := v.(pflag.SliceValue); {
	case is:
		return len(list.GetSlice()) == 0 || slices.Contains(list.GetSlice(), "")
	case v.Type() == "string":
		return v.String() == ""
	}
	return false
}

// CompleteValues offers fixed values for a flag. The flag must be declared.
func CompleteValues(cmd *cobra.Command, flag string, values []string) {
	must(cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)))
}

// CompleteFiles offers files with one of the endings for a flag. The flag must
// be declared.
func CompleteFiles(cmd *cobra.Command, flag string, endings ...string) {
	if cmd.PersistentFlags().Lookup(flag) != nil {
		must(cmd.MarkPersistentFlagFilename(flag, endings...))
		return
	}
	must(cmd.MarkFlagFilename(flag, endings...))
}

// must stops a program whose command tree names a flag that is not there: every
// test would.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// ExitCodes writes the lines of a help text that tell a command's own exit
// codes, in the words of the exit-code table.
func ExitCodes(lines ...string) string {
	return "\n\nExit codes:\n  " + strings.Join(lines, "\n  ")
}
