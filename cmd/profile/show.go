package profile

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/output"
)

// showOptions contains the app and the parsed arguments of `profile show`.
type showOptions struct {
	app  *app.App
	name string // blank: the current one
}

func newShowCmd(a *app.App, run func(context.Context, *showOptions) error) *cobra.Command {
	opts := &showOptions{app: a}
	return &cobra.Command{
		Use:   "show [NAME]",
		Short: "Show a profile",
		Long: "Show the settings of a profile, by default of the current one. Secrets are not\nshown, only whether there are any." + cli.ExitCodes(
			"0  shown",
			"3  no such profile, or the configuration cannot be read",
		),
		Example:           "  stockctl profile show\n  stockctl profile show lagos -o json",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: suggest.First(suggest.Profiles(a, true)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				opts.name = args[0]
			}
			return run(cmd.Context(), opts)
		},
	}
}

func runShow(_ context.Context, opts *showOptions) error {
	printer, err := app.PrinterFor(opts.app, view())
	if err != nil {
		return err
	}
	c, err := opts.app.Config()
	if err != nil {
		return err
	}
	name := opts.name
	if name == "" {
		name = c.Profile()
	}
	if name == config.Sandbox {
		return output.One(printer, view(), builtIn(c.Profile()))
	}
	if err := c.Known(name); err != nil {
		return err
	}
	p, _ := c.Find(name)
	p.Name = name
	return output.One(printer, view(), summaryOf(p, c.Profile()))
}
