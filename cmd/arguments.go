package cmd

import (
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/internal/failure"
)

// describe names an argument by its placeholder in a command's usage.
func describe(placeholder string) string {
	switch placeholder {
	case "RECORD":
		return "a record, such as KET-RED@HRB"
	case "PRODUCT":
		return "a product, such as KET-RED"
	case "WAREHOUSE":
		return "a warehouse, such as HRB"
	case "FILE":
		return "a file"
	case "NAME":
		return "a name"
	case "PATH":
		return "a path, such as /v1/inventory"
	case "METHOD":
		return "a method, such as GET"
	}
	return placeholder
}

// placeholders are the words of a command's usage that stand for arguments, such
// as RECORD, [RUN] or FILE|-, and how many of them are required.
func placeholders(use string) (names []string, required int) {
	pattern := regexp.MustCompile(`^\[?([A-Z][A-Z-]*)`)
	for _, word := range strings.Fields(use)[1:] {
		if m := pattern.FindStringSubmatch(word); m != nil {
			names = append(names, m[1])
			if !strings.HasPrefix(word, "[") {
				required = len(names)
			}
		}
	}
	return names, required
}

// nameArguments has a command report a missing or surplus argument by its name,
// where cobra would count.
func nameArguments(cmd *cobra.Command) {
	check := cmd.Args
	if check == nil {
		return
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		err := check(cmd, args)
		if err == nil || failure.KindOf(err) != failure.Unexpected {
			return err
		}
		names, required := placeholders(cmd.Use)
		what := strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
		var wrong *failure.Error
		switch {
		case len(args) < required:
			wrong = failure.Usagef("%s needs %s", what, describe(names[len(args)]))
		case len(names) == 0:
			wrong = failure.Usagef("%s takes no argument, but %q was given", what, args[0])
		case len(args) > len(names):
			wrong = failure.Usagef("%s takes %s, but %q was given as well", what, strings.Join(names, " and "), args[len(names)])
		default:
			wrong = failure.Usagef("%w", err)
		}
		return wrong.Hint("see `%s --help`", cmd.CommandPath())
	}
}
