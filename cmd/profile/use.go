package profile

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
)

// useOptions contains the app and the parsed arguments of `profile use`.
type useOptions struct {
	app  *app.App
	name string
}

func newUseCmd(a *app.App, run func(context.Context, *useOptions) error) *cobra.Command {
	opts := &useOptions{app: a}
	return &cobra.Command{
		Use:   "use NAME",
		Short: "Switch to a profile",
		Long: "Make a profile the current one, which commands use by default." + cli.ExitCodes(
			"0  switched",
			"3  no such profile, or the configuration cannot be written",
		),
		Example:           "  stockctl profile use lagos\n  stockctl profile use sandbox",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: suggest.First(suggest.Profiles(a, true)),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.name = args[0]
			return run(cmd.Context(), opts)
		},
	}
}

func runUse(_ context.Context, opts *useOptions) error {
	c, err := opts.app.Config()
	if err != nil {
		return err
	}
	if opts.name != config.Sandbox {
		if err := c.Known(opts.name); err != nil {
			return err
		}
	}
	err = c.Edit(func(f *config.File) error {
		f.Current = opts.name
		return nil
	})
	if err == nil {
		opts.app.Note("switched to profile %s", opts.name)
	}
	return err
}
