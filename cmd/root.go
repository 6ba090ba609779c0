// Package cmd contains the command tree: the root, its global flags, and the only table
// from failures to exit codes. Each noun has its own package below.
package cmd

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bayworks/stockctl/cmd/api"
	"github.com/bayworks/stockctl/cmd/auth"
	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/doctor"
	"github.com/bayworks/stockctl/cmd/inventory"
	"github.com/bayworks/stockctl/cmd/layout"
	"github.com/bayworks/stockctl/cmd/product"
	"github.com/bayworks/stockctl/cmd/profile"
	"github.com/bayworks/stockctl/cmd/sandbox"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/cmd/topic"
	"github.com/bayworks/stockctl/cmd/warehouse"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/iostreams"
	"github.com/bayworks/stockctl/internal/output"
)

const rootLong = `stockctl manages a merchant's warehouse stock from the command line: it creates
and shows inventory records, moves stock, and accounts for every write that it
sends.

Try it without an account: the sandbox profile is a complete inventory API
inside the program, and changes no real stock.`

const rootExample = `  stockctl inventory create --profile sandbox --sku TOTE-CANVAS --warehouse ABJ-01 --initial-qty 50
  stockctl inventory list --profile sandbox
  stockctl auth login`

// exitCodesHelp is the table in the root's help. A test compares it with ExitCode.
const exitCodesHelp = `
Exit codes:
  0  done                          6  not found
  1  unexpected failure            7  refused by the API
  2  usage, or an invalid file     8  API unreachable or busy: retry later
  3  configuration                 9  outcome unknown: check, do not retry
  4  not signed in                10  partial: some records failed
  5  permission missing           11  condition found (--exit-code)
  130  interrupted                143  terminated`

// branch is a command or a help topic below the root, and how to build it.
type branch struct {
	names []string // its name and aliases
	make  func(*app.App) *cobra.Command
}

func branches() []branch {
	return []branch{
		{[]string{"inventory", "inv"}, inventory.New},
		{[]string{"warehouse", "wh"}, warehouse.New},
		{[]string{"product"}, product.New},
		{[]string{"layout"}, layout.New},
		{[]string{"auth"}, auth.New},
		{[]string{"profile"}, profile.New},
		{[]string{"sandbox"}, sandbox.New},
		{[]string{"api"}, api.New},
		{[]string{"doctor"}, doctor.New},
		{[]string{"version"}, newVersionCmd},
		{[]string{"exit-codes"}, topic.ExitCodes},
		{[]string{"environment"}, topic.Environment},
		{[]string{"formatting"}, topic.Formatting},
		{[]string{"names"}, topic.Names},
		{[]string{"scanning"}, topic.Scanning},
		{[]string{"flags"}, newFlagsTopic},
	}
}

// grow builds only the branch that the first word names, because a start should not pay
// for commands that it does not run. If the word names none (a flag, help, a mistake), it
// builds all of them.
func grow(a *app.App, word string) []*cobra.Command {
	var all []*cobra.Command
	for _, b := range branches() {
		if slices.Contains(b.names, word) {
			return []*cobra.Command{b.make(a)}
		}
	}
	for _, b := range branches() {
		all = append(all, b.make(a))
	}
	return all
}

// newRootCmd builds the command tree, or the part of it that a command line beginning with
// the given word needs. started becomes true when a command's own code begins, which
// distinguishes cobra's errors from ours.
func newRootCmd(a *app.App, word string) (root *cobra.Command, started *bool) {
	started = new(bool)
	root = cli.Group(&cobra.Command{
		Use:           "stockctl",
		Short:         "Manage warehouse stock from the command line",
		Long:          rootLong + "\n" + exitCodesHelp,
		Example:       rootExample,
		SilenceErrors: true,
		SilenceUsage:  true,
	}, grow(a, word)...)
	root.SetIn(a.IO.In)
	root.SetOut(a.IO.Out)
	root.SetErr(a.IO.Err)
	root.SetFlagErrorFunc(flagError)
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	root.SetHelpCommand(newHelpCmd())
	root.SetHelpFunc(showHelp)
	group(root)
	versionFlag(root, a, word)
	globalFlags(root.PersistentFlags(), a)
	a.Flags = root.PersistentFlags()
	watch(root, a, started)
	cli.CompleteValues(root, "output", output.Formats())
	cli.CompleteValues(root, "color", []string{"auto", "always", "never"})
	completionCommand(root)
	suggest.Flag(root, "profile", suggest.Profiles(a, true))
	cli.CompleteFiles(root, "config", "yaml", "yml")
	return root, started
}

// watch records when a command's own code begins, and makes the command name its arguments
// and suggest values of flags. Cobra's hooks run before some of its checks and cannot be
// used for this.
func watch(cmd *cobra.Command, a *app.App, started *bool) {
	nameArguments(cmd, a)
	if run := cmd.RunE; run != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			*started = true
			if err := cli.RefuseEmpty(cmd, args); err != nil {
				return err
			}
			return cli.DidYouMean(cmd, run(cmd, args))
		}
	}
	for _, sub := range cmd.Commands() {
		watch(sub, a, started)
	}
}

// Tree returns the command tree for the generator of the reference and for tests. Running
// one of its commands does real work.
func Tree() *cobra.Command {
	root, _ := newRootCmd(app.New(iostreams.System(), app.Build{}), "")
	return root
}

func globalFlags(f *pflag.FlagSet, a *app.App) {
	f.StringP("profile", "p", "", "the `name` of the profile to use; sandbox is built in (STOCKCTL_PROFILE)")
	f.String("base-url", "", "the API's `URL` (STOCKCTL_BASE_URL)")
	f.Bool("allow-http", false, "allow plain http to another machine (STOCKCTL_ALLOW_HTTP)")
	f.StringP("output", "o", "", "the output `format`: "+failure.OneOf(output.Formats())+" (STOCKCTL_OUTPUT)")
	f.StringSliceVar(&a.Output.Columns, "columns", nil, "the `fields` to show, in order")
	f.BoolVar(&a.Output.NoHeader, "no-header", false, "omit the header line")
	f.StringVar(&a.Output.JQ, "jq", "", "filter the JSON output with a jq `expression`")
	f.Bool("no-input", false, "never prompt; implied by CI (STOCKCTL_NO_INPUT)")
	f.BoolVar(&a.NoPager, "no-pager", false, "print long lists without a pager (STOCKCTL_PAGER, PAGER)")
	f.BoolVarP(&a.Yes, "yes", "y", false, "answer yes to every confirmation")
	f.Duration("timeout", 0, "the maximum time for one request (STOCKCTL_TIMEOUT; default 30s)")
	f.Duration("max-wait", 0, "the maximum wait for a busy API (STOCKCTL_MAX_WAIT; default 1m)")
	f.Bool("debug", false, "show requests and responses on stderr, without secrets (STOCKCTL_DEBUG)")
	f.String("color", "", "`when` to use colour: auto, always or never (default auto)")
	f.BoolP("quiet", "q", false, "print only results and errors")
	f.String("config", "", "the configuration `file` (STOCKCTL_CONFIG)")
	f.Bool("no-config", false, "ignore the configuration file and the keyring")
}

// meant returns the counterpart of a flag that other programs have, or "" if there is
// none.
func meant(flag string) string {
	switch flag {
	case "v", "V":
		return "--version"
	case "verbose":
		return "--debug"
	case "force":
		return "--yes"
	case "f":
		return "--file"
	case "format":
		return "--output"
	case "json", "yaml", "csv":
		return "-o " + flag
	}
	return ""
}

// flagError turns an error of the flag parser into a usage error that suggests the flag
// that was probably meant.
func flagError(cmd *cobra.Command, err error) error {
	hint := "see `" + cmd.CommandPath() + " --help`"
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		name := unknown.GetSpecifiedName()
		if short := unknown.GetSpecifiedShortnames(); short != "" {
			name = short
		}
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		near := failure.Nearest("--"+name, names)
		if unknown.GetSpecifiedShortnames() != "" { // a letter resembles any short name
			near = slices.DeleteFunc(slices.Clone(names), func(long string) bool { return !strings.HasPrefix(long, "--"+name) })
		}
		known := meant(name)
		switch {
		case name[0] >= '0' && name[0] <= '9' && cmd.Flags().Lookup("qty") != nil:
			hint = "give a quantity with --qty, a negative one as --qty=-" + name
		case known != "" && (!strings.HasPrefix(known, "--") || slices.Contains(names, known)):
			hint = "did you mean " + known + "?"
		case known == "--version":
			hint = "did you mean `stockctl --version`?"
		case len(near) > 0 && len(near) < 4:
			hint = "did you mean " + failure.OneOf(near) + "?"
		}
	}
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		if takes := valueOf(invalid.GetFlag().Value.Type()); takes != "" {
			return failure.Usagef("--%s takes %s, not %q", invalid.GetFlag().Name, takes, invalid.GetValue()).Hint("%s", hint)
		}
	}
	return failure.Usagef("%w", err).Hint("%s", hint)
}

// valueOf describes the values of a flag of a type. It is blank if the flag's own error
// describes them.
func valueOf(kind string) string {
	switch kind {
	case "int", "int64", "uint":
		return "a whole number"
	case "float64":
		return "a number"
	case "bool":
		return "true or false"
	case "duration":
		return "a duration such as 30s or 5m"
	}
	return ""
}
