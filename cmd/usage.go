package cmd

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/internal/app"
)

// helpWidth is the terminal width that every help text fits.
const helpWidth = 80

// The groups of commands in the help of the root.
const (
	groupStock = "stock"
	groupSetup = "setup"
	groupTools = "tools"
)

// group assigns the commands of the root to groups.
func group(root *cobra.Command) {
	root.AddGroup(
		&cobra.Group{ID: groupStock, Title: "Stock commands"},
		&cobra.Group{ID: groupSetup, Title: "Setup commands"},
		&cobra.Group{ID: groupTools, Title: "Other commands"},
	)
	for _, c := range root.Commands() {
		switch c.Name() {
		case "inventory", "warehouse", "product", "layout":
			c.GroupID = groupStock
		case "auth", "profile", "doctor":
			c.GroupID = groupSetup
		default:
			if !c.IsAdditionalHelpTopicCommand() {
				c.GroupID = groupTools
			}
		}
	}
	root.SetHelpCommandGroupID(groupTools)
	root.SetCompletionCommandGroupID(groupTools)
}

// showHelp writes the help of a command or a topic. The global flags are described on a
// separate page.
func showHelp(cmd *cobra.Command, _ []string) {
	// Cobra's help function cannot return an error, and a closed terminal needs none.
	_, _ = io.WriteString(cmd.OutOrStdout(), helpText(cmd))
}

func helpText(cmd *cobra.Command) string {
	var b strings.Builder
	about, exitCodes, _ := strings.Cut(cmd.Long, "\nExit codes:\n")
	fmt.Fprintln(&b, reflow(strings.TrimSpace(about)))
	if cmd.IsAdditionalHelpTopicCommand() {
		return b.String()
	}
	section := func(title, body string) {
		if body = strings.Trim(body, "\n"); body != "" {
			fmt.Fprintf(&b, "\n%s:\n%s\n", title, body)
		}
	}
	section("Usage", "  "+UseLine(cmd))
	if len(cmd.Aliases) > 0 {
		section("Aliases", "  "+strings.Join(cmd.Aliases, ", "))
	}
	section("Examples", wrapExamples(cmd.Example))
	for _, g := range cmd.Groups() {
		section(g.Title, commandList(cmd, func(c *cobra.Command) bool { return c.IsAvailableCommand() && c.GroupID == g.ID }))
	}
	section("Commands", commandList(cmd, func(c *cobra.Command) bool { return c.IsAvailableCommand() && c.GroupID == "" }))
	section("Flags", PlainDefaults(ownFlags(cmd).FlagUsagesWrapped(helpWidth)))
	section("Exit codes", exitCodes)
	section("Topics", commandList(cmd, (*cobra.Command).IsAdditionalHelpTopicCommand))
	fmt.Fprintln(&b)
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "`%s COMMAND --help` describes a command.\n", cmd.CommandPath())
	}
	b.WriteString("`stockctl help flags` lists the flags that every command takes, such as\n--profile, --output and --yes; `stockctl help exit-codes` lists all exit codes.\n")
	return b.String()
}

// PlainDefaults removes the quotes around the defaults of flags, also for the reference:
// the defaults that our own flag types describe have none.
func PlainDefaults(usage string) string {
	return regexp.MustCompile(`\(default(\s+)"([^"\s]+)"\)`).ReplaceAllString(usage, "(default$1$2)")
}

// reflow wraps the lines of each paragraph again, but not indented lines.
func reflow(text string) string {
	var out, paragraph []string
	end := func() {
		if len(paragraph) > 0 {
			out = append(out, wrap(paragraph))
		}
		paragraph = nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		if line == "" || strings.HasPrefix(line, " ") {
			end()
			out = append(out, line)
			continue
		}
		paragraph = append(paragraph, strings.Fields(line)...)
	}
	end()
	return strings.Join(out, "\n")
}

// wrap joins words into lines that fit the width of a help text.
func wrap(words []string) string {
	lines := []string{words[0]}
	for _, word := range words[1:] {
		last := &lines[len(lines)-1]
		if len([]rune(*last))+1+len([]rune(word)) > helpWidth {
			lines = append(lines, word)
			continue
		}
		*last += " " + word
	}
	return strings.Join(lines, "\n")
}

// isGroup reports whether a command only contains others.
func isGroup(cmd *cobra.Command) bool { return cmd.HasAvailableSubCommands() && cmd.Use == cmd.Name() }

// UseLine returns the line that shows how to call a command, also for the reference.
func UseLine(cmd *cobra.Command) string {
	if isGroup(cmd) {
		return cmd.CommandPath() + " COMMAND"
	}
	if !ownFlags(cmd).HasFlags() {
		return cmd.CommandPath() + strings.TrimPrefix(cmd.Use, cmd.Name())
	}
	return cmd.UseLine()
}

// ownFlags returns the flags of a command except --help and the global ones.
func ownFlags(cmd *cobra.Command) *pflag.FlagSet {
	own := pflag.NewFlagSet(cmd.Name(), pflag.ContinueOnError)
	own.SortFlags = false
	global := cmd.Root().PersistentFlags()
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" && global.Lookup(f.Name) != f {
			own.AddFlag(f)
		}
	})
	return own
}

func commandList(cmd *cobra.Command, show func(*cobra.Command) bool) string {
	var b strings.Builder
	for _, c := range cmd.Commands() {
		if show(c) {
			fmt.Fprintf(&b, "  %-*s  %s\n", cmd.NamePadding(), c.Name(), c.Short)
		}
	}
	return b.String()
}

// wrapExamples breaks long lines of examples before a flag, with a backslash.
func wrapExamples(text string) string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		for len([]rune(line)) > helpWidth {
			at := lastFlag(line[:min(helpWidth-2, len(line))])
			if at < 0 {
				break
			}
			out = append(out, line[:at]+` \`)
			line = "    " + strings.TrimSpace(line[at:])
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// lastFlag returns the position of the last blank outside quotes that precedes a flag, a
// pipe or a word of a line, or -1 if there is none.
func lastFlag(line string) int {
	at, word, quote := -1, -1, rune(0)
	for i, r := range line {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		case r == ' ' && strings.TrimSpace(line[:i]) != "":
			word = i
			if rest := line[i+1:]; strings.HasPrefix(rest, "-") || strings.HasPrefix(rest, "|") {
				at = i
			}
		}
	}
	if at >= 0 {
		return at
	}
	return word
}

const flagsTopic = `Every command takes these flags. A flag takes precedence over its variable, and
a variable over the profile: see ` + "`stockctl environment`" + `.

`

// newFlagsTopic returns the help topic about the global flags.
func newFlagsTopic(*app.App) *cobra.Command {
	f := pflag.NewFlagSet("flags", pflag.ContinueOnError)
	globalFlags(f, &app.App{})
	return &cobra.Command{
		Use:   "flags",
		Short: "The flags that every command takes",
		Long:  flagsTopic + strings.TrimRight(f.FlagUsagesWrapped(helpWidth), "\n"),
		Args:  cobra.NoArgs,
	}
}
