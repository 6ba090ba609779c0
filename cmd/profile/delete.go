package profile

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
)

// deleteOptions contains the app and the parsed flags of `profile delete`.
type deleteOptions struct {
	app  *app.App
	name string
}

func newDeleteCmd(a *app.App, run func(context.Context, *deleteOptions) error) *cobra.Command {
	opts := &deleteOptions{app: a}
	return &cobra.Command{
		Use:   "delete NAME",
		Short: "Delete a profile with its secrets",
		Long: "Delete a profile with its settings and secrets. You are asked to confirm on a\nterminal; otherwise --yes is required." + cli.ExitCodes(
			"0  deleted",
			"2  no terminal to prompt on, and no --yes",
			"3  no such profile",
		),
		Example:           "  stockctl profile delete training --yes",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: suggest.First(suggest.Profiles(a, false)),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.name = args[0]
			return run(cmd.Context(), opts)
		},
	}
}

func runDelete(ctx context.Context, opts *deleteOptions) error {
	c, err := opts.app.Config()
	if err != nil {
		return err
	}
	if err := config.CheckName(opts.name); err != nil {
		return err
	}
	profile, stored := c.Find(opts.name)
	if !stored {
		return c.Unknown(opts.name)
	}
	if err := confirm(ctx, opts); err != nil {
		return err
	}
	names, err := opts.app.PlaceOfNames(opts.name)
	if err != nil {
		return err
	}
	if err := c.ForgetInKeyring(profile); err != nil {
		return err
	}
	err = c.Edit(func(f *config.File) error {
		delete(f.Profiles, opts.name)
		if f.Current == opts.name {
			f.Current = ""
		}
		return nil
	})
	if err == nil {
		err = opts.app.ForgetNames(opts.name, names)
	}
	if err == nil {
		opts.app.Note("deleted profile %s", opts.name)
	}
	return err
}

func confirm(ctx context.Context, opts *deleteOptions) error {
	yes, asked, err := opts.app.Confirm(ctx, "Delete profile "+opts.name+" and its secrets?")
	switch {
	case err != nil:
		return err
	case !asked:
		return failure.Usagef("deleting profile %s requires --yes without a terminal to prompt on", opts.name)
	case !yes:
		return failure.New(failure.Interrupted, "cancelled: nothing was deleted")
	}
	return nil
}
