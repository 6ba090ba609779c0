package cmd

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/prompt"
)

// describe returns the name of an argument from its placeholder in a command's usage.
func describe(placeholder string) string {
	switch placeholder {
	case "RECORD":
		return "a record, such as KET-RED@HRB"
	case "ITEM":
		return "an item, such as KET-RED"
	case "PRODUCT":
		return "a product, such as KET-RED"
	case "WAREHOUSE":
		return "a warehouse, such as HRB"
	case "FILE":
		return "a file"
	case "NAME":
		return "a name"
	case "RUN":
		return "a run"
	case "SESSION":
		return "a count"
	case "REFERENCE":
		return "the reference of a transfer"
	case "PLAN":
		return "the file of a plan"
	case "BARCODE":
		return "a barcode"
	case "CMD":
		return "a command"
	case "PATH":
		return "a path, such as /v1/inventory"
	case "METHOD":
		return "a method, such as GET"
	}
	return placeholder
}

// placeholders returns the arguments in a command's usage, such as RECORD, [RUN] or
// FILE|-, and how many of them are required.
func placeholders(use string) (names []string, required int) {
	pattern := regexp.MustCompile(`^\[?([A-Z][A-Z-]*)`)
	for _, word := range strings.Fields(use)[1:] {
		flag := strings.Contains(word, "|--") // what follows belongs to the flag
		if m := pattern.FindStringSubmatch(word); m != nil {
			names = append(names, m[1])
			if !strings.HasPrefix(word, "[") {
				required = len(names)
			}
		}
		if flag {
			break
		}
	}
	return names, required
}

// nameArguments makes a command prompt for a missing argument if it can. Otherwise the
// command names the missing or extra argument, where cobra would only count arguments.
func nameArguments(cmd *cobra.Command, a *app.App) {
	check := cmd.Args
	if check == nil {
		return
	}
	options := sync.OnceValue(func() []prompt.Option { // read once, however often they are needed
		names, _ := placeholders(cmd.Use)
		return stored(cmd, names[0])
	})
	askMissing(cmd, a, check, options)
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		err := check(cmd, args)
		if err == nil || failure.KindOf(err) != failure.Unexpected {
			return err
		}
		names, required := placeholders(cmd.Use)
		if missing(cmd, args, options) {
			if ask, err := a.CanAsk(); err != nil || ask {
				return err
			}
		}
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
		return wrong.Hint("%s", argumentHint(cmd, names, args))
	}
}

// argumentHint suggests how to add a missing argument, or where an extra one belongs.
func argumentHint(cmd *cobra.Command, names, args []string) string {
	has := func(flag string) bool { return cmd.Flags().Lookup(flag) != nil }
	switch extra := len(args) - len(names); {
	case extra > 0 && has("from") && has("to"):
		return "give the warehouses with --from and --to, and the quantity with --qty"
	case extra > 0 && has("qty") && isNumber(args[len(args)-1]):
		return "give a quantity with --qty, a negative one as --qty=-3"
	case extra > 0 && len(names) == 0 && has("sku") && has("product"):
		return "give the item with --sku or --product"
	case extra > 0 && len(names) == 0 && has("name"):
		return "give the name with --name"
	case cmd.Name() == "api" && len(args) == 1 && strings.Contains(args[0], "/"):
		return "the method comes first: `" + cmd.CommandPath() + " GET " + failure.Arg(args[0]) + "`"
	case extra < 0:
		if list := lister(cmd, names[len(args)]); list != "" {
			return "`" + list + "` lists them"
		}
	}
	return "see `" + cmd.CommandPath() + " --help`"
}

// lister returns the command that lists what a placeholder can be; "" if there is none.
func lister(cmd *cobra.Command, placeholder string) string {
	switch placeholder {
	case "RUN":
		return "stockctl inventory import runs"
	case "SESSION", "REFERENCE", "NAME":
		if offers(cmd) {
			return cmd.Parent().CommandPath() + " list"
		}
	}
	return ""
}

// offers reports whether the argument of a command is something stored on this machine. A
// command that stores something takes any name.
func offers(cmd *cobra.Command) bool {
	return cmd.ValidArgsFunction != nil && !slices.Contains([]string{"set", "save"}, cmd.Name())
}

// stored returns what the argument of a command can be, as its completion offers it.
func stored(cmd *cobra.Command, placeholder string) (options []prompt.Option) {
	if lister(cmd, placeholder) == "" {
		return nil
	}
	values, _ := cmd.ValidArgsFunction(cmd, nil, "")
	for _, v := range values {
		value, about, _ := strings.Cut(v, "\t")
		options = append(options, prompt.Option{Value: value, Label: strings.TrimSpace(value + "  " + about)})
	}
	return options
}

func isNumber(text string) bool {
	_, err := strconv.ParseInt(text, 10, 64)
	return err == nil
}

// missing reports whether the only missing argument can be prompted for. options returns
// what it can be, if that is stored on this machine.
func missing(cmd *cobra.Command, args []string, options func() []prompt.Option) bool {
	names, required := placeholders(cmd.Use)
	if required != 1 || len(args) > 0 {
		return false
	}
	if lister(cmd, names[0]) != "" {
		return len(options()) > 0
	}
	return asked(cmd.Use, names[0])
}

// askMissing makes a command prompt for its missing argument before its own code runs.
// cmd.Args accepts a missing argument only if the command can prompt. Shift-Tab at the
// command's first question returns to the argument, except for a file, which has already
// been read.
func askMissing(cmd *cobra.Command, a *app.App, check cobra.PositionalArgs, options func() []prompt.Option) {
	run := cmd.RunE
	if run == nil {
		return
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if check(cmd, args) == nil || !missing(cmd, args, options) {
			return run(cmd, args)
		}
		names, _ := placeholders(cmd.Use)
		answer := ""
		walk := &prompt.Walk{Steps: []prompt.Step{
			{Title: names[0], Ask: func(ctx context.Context) (err error) {
				if choice := options(); len(choice) > 0 {
					title := failure.Capital(strings.TrimPrefix(describe(names[0]), "a "))
					answer, err = a.Select(ctx, prompt.Choice{Title: title, Options: choice, Default: answer})
					return err
				}
				answer, err = askArgument(ctx, a, names[0], answer)
				return err
			}},
			{Title: "run", Ask: func(ctx context.Context) error {
				if names[0] == "FILE" {
					ctx = prompt.Alone(ctx)
				}
				cmd.SetContext(ctx)
				return run(cmd, []string{answer})
			}},
		}}
		return walk.Run(cmd.Context())
	}
}
