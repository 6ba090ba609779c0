package profile

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/output"
)

// listOptions contains the app of `profile list`.
type listOptions struct{ app *app.App }

func newListCmd(a *app.App, run func(context.Context, *listOptions) error) *cobra.Command {
	opts := &listOptions{app: a}
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the profiles",
		Long:    "List the profiles in the configuration file and the built-in sandbox." + cli.ExitCodes("0  listed", "3  the configuration cannot be read"),
		Example: "  stockctl profile list\n  stockctl profile list -o json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.Context(), opts)
		},
	}
}

func runList(_ context.Context, opts *listOptions) error {
	printer, err := app.PrinterFor(opts.app, view())
	if err != nil {
		return err
	}
	c, err := opts.app.Config()
	if err != nil {
		return err
	}
	var list []summary
	for _, p := range c.Profiles() {
		list = append(list, summaryOf(p, c.Profile()))
	}
	list = append(list, builtIn(c.Profile()))
	return output.List(printer, view(), output.Items(list))
}
