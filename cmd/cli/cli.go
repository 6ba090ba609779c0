// Package cli is shared by the commands: groups such as `inventory`, rules for flags and
// arguments, durations, new files, and the section with the exit codes. It knows neither
// the app nor the API.
package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/internal/failure"
)

// Group completes a group command and adds its verbs. Without a verb the command shows its
// help. An unknown verb is a usage error; cobra would show the help and succeed.
func Group(cmd *cobra.Command, verbs ...*cobra.Command) *cobra.Command {
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

// Unknown returns the error for a word that is not a command below cmd.
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
	if hint := otherWord(cmd, word); hint != "" {
		return err.Hint("%s", hint)
	}
	deeper := named(cmd, word)
	if len(deeper) == 0 || len(deeper) > 4 {
		if near := failure.Nearest(word, slices.Concat(names, topics)); len(near) > 0 {
			return err.Hint("did you mean `%s %s`?", cmd.CommandPath(), near[0])
		}
		return err.Hint("the commands are %s: see `%s --help`", strings.Join(names, ", "), cmd.CommandPath())
	}
	return err.Hint("did you mean %s?", failure.OneOf(deeper))
}

// named returns the commands two levels below cmd with the name.
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

// Exclusive returns a usage error if two of the flags were given. Cobra's own message for
// this is meant for programmers.
func Exclusive(cmd *cobra.Command, flags ...string) error {
	given := ""
	for _, name := range flags {
		if !cmd.Flags().Changed(name) {
			continue
		}
		if given != "" {
			return failure.Usagef("--%s and --%s cannot be used together", given, name)
		}
		given = name
	}
	return nil
}

// CheckLimit returns a usage error if --limit is below 1. thing is what the list contains,
// such as "record".
func CheckLimit(limit int, thing string) error {
	if limit < 1 {
		return failure.Usagef("--limit must be 1 or more, not %d", limit).Hint("--all shows every %s", thing)
	}
	return nil
}

// takesEmpty marks flags that accept an empty value.
const takesEmpty = "stockctl_takes_empty"

// TakesEmpty allows an empty value for flags, to remove a setting. The flags must exist.
func TakesEmpty(cmd *cobra.Command, flags ...string) {
	for _, name := range flags {
		must(cmd.Flags().SetAnnotation(name, takesEmpty, []string{"true"}))
	}
}

// RefuseEmpty returns a usage error for an empty flag or argument: `--warehouse "$W"` with an
// unset variable does not mean every warehouse.
func RefuseEmpty(cmd *cobra.Command, args []string) error {
	var err error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if err == nil && f.Annotations[takesEmpty] == nil && isEmpty(f.Value) {
			err = failure.Usagef("--%s is empty", f.Name).
				Hint("give it a value, or leave out the flag; it may contain an unset variable")
		}
	})
	if err == nil && slices.Contains(args, "") {
		err = failure.Usagef("an argument is empty").Hint("see `%s --help`; it may contain an unset variable", cmd.CommandPath())
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

// takesOneOf marks flags that take one of the values in the annotation.
const takesOneOf = "stockctl_takes_one_of"

// CompleteValues registers fixed values for the completion of a flag, and for DidYouMean.
// The flag must exist.
func CompleteValues(cmd *cobra.Command, flag string, values []string) {
	must(cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)))
	flags := cmd.Flags()
	if flags.Lookup(flag) == nil {
		flags = cmd.PersistentFlags()
	}
	must(flags.SetAnnotation(flag, takesOneOf, values))
}

// DidYouMean adds a hint to an error that lists the values of a flag, because it got another
// one: the value that was probably meant.
func DidYouMean(cmd *cobra.Command, err error) error {
	if failure.KindOf(err) != failure.Usage {
		return err
	}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		values, typed := f.Annotations[takesOneOf], f.Value.String()
		if slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(v, typed) }) {
			return
		}
		near := failure.Nearest(typed, values)
		if len(near) > 0 && strings.Contains(err.Error()+failure.HintOf(err), near[0]) {
			err = failure.WithHint(err, "did you mean --%s %s?", f.Name, near[0])
		}
	})
	return err
}

// CompleteFiles registers files with one of the endings for the completion of a flag. The
// flag must exist.
func CompleteFiles(cmd *cobra.Command, flag string, endings ...string) {
	if cmd.PersistentFlags().Lookup(flag) != nil {
		must(cmd.MarkPersistentFlagFilename(flag, endings...))
		return
	}
	must(cmd.MarkFlagFilename(flag, endings...))
}

// must panics if the command tree refers to a flag that does not exist, which every test
// would detect.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// ExitCodes returns the section of a help text with the exit codes of a command.
func ExitCodes(lines ...string) string {
	return "\n\nExit codes:\n  " + strings.Join(lines, "\n  ")
}
