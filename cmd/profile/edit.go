package profile

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/api/way"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/iostreams"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/prompt"
)

// editOptions contains the app of `profile edit`.
type editOptions struct{ app *app.App }

func newEditCmd(a *app.App, run func(context.Context, *editOptions) error) *cobra.Command {
	opts := &editOptions{app: a}
	return &cobra.Command{
		Use:   "edit",
		Short: "Edit the configuration file",
		Long: `Open the configuration file, which contains all profiles, in your editor: the
one in STOCKCTL_EDITOR, VISUAL or EDITOR.

You edit a copy. It is checked when you leave the editor, and replaces the file
only if it has no mistakes; otherwise the mistake is shown with its line, and
you can edit again. If it cannot be saved, the copy is kept, and its path is
shown. Secrets are not shown: placeholders such as (hidden-1) take their place.
If you give a profile another host, its token and key are removed, because they
belong to the old host.` + cli.ExitCodes(
			"0    saved, or nothing was changed",
			"2    no terminal",
			"3    the editor failed, or the file cannot be written",
			"130  cancelled, and nothing was changed",
		),
		Example: "  stockctl profile edit\n  EDITOR='code --wait' stockctl profile edit",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.Context(), opts)
		},
	}
}

func runEdit(ctx context.Context, opts *editOptions) (err error) {
	wrong, err := opts.app.Salvage()
	if err != nil {
		return err
	}
	c, err := opts.app.Config()
	if err != nil {
		return err
	}
	switch ask, err := opts.app.CanAsk(); {
	case err != nil:
		return err
	case !ask:
		return failure.Usagef("profile edit needs a terminal").
			Hint("`stockctl profile set NAME` changes a profile without one; the file is %s", c.Path())
	}
	if wrong != nil {
		opts.complain(wrong)
	}
	draft, err := c.Draft()
	if err != nil {
		return err
	}
	keep := false
	defer func() {
		if !keep {
			err = errors.Join(err, draft.Discard())
		}
	}()
	f, err := opts.edited(ctx, c, draft)
	if err != nil || f == nil {
		return err
	}
	signedOut, err := draft.Save(f)
	if err != nil {
		keep = true
		return failure.WithHint(errors.Join(err, draft.Keep(f)), "what you wrote is in %s: delete it when it is no longer needed, since it contains the secrets", draft.Path)
	}
	opts.app.Note("saved %s", c.Path())
	for _, name := range signedOut {
		opts.app.Note("removed the token and key of profile %s, which were for the old base URL: run `stockctl auth login --profile %s`", name, failure.Arg(name))
	}
	return opts.forgetRemoved(c, f)
}

// edited opens the editor until the file has no mistake, or the user gives up. It returns
// nil if nothing was changed.
func (o *editOptions) edited(ctx context.Context, c *config.Config, draft *config.Draft) (*config.File, error) {
	command := iostreams.EditorCommand(o.app.LookupEnv)
	for {
		o.app.IO.Unmute()
		editor := iostreams.Editor{Command: command, In: o.app.IO.In, Out: o.app.IO.Err, Err: o.app.IO.Err}
		err := editor.Edit(draft.Path)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		var ended *exec.ExitError
		switch {
		case errors.As(err, &ended):
			return nil, failure.New(failure.Config, "the editor %q failed with %w; nothing was changed", command, err).
				Hint("set EDITOR to an editor, for example `export EDITOR=nano`")
		case err != nil:
			return nil, failure.New(failure.Config, "starting the editor %q: %w", command, err)
		}
		f, changed, mistake := draft.Read(func(key, value string) error { return check(c, key, value) })
		if mistake == nil && !changed {
			o.app.Note("no changes")
			return nil, nil
		}
		if mistake == nil {
			return f, nil
		}
		o.complain(mistake)
		p, err := o.app.Prompt()
		if err != nil {
			return nil, err
		}
		switch again, err := p.Confirm(prompt.Alone(ctx), "Edit again?", true); {
		case err != nil:
			return nil, err
		case !again:
			return nil, failure.New(failure.Interrupted, "cancelled: %s was not changed", c.Path())
		}
	}
}

// check judges a setting of a profile like `profile set`.
func check(c *config.Config, key, value string) error {
	switch {
	case key == "base-url":
		return way.CheckBaseURL(value, c.AllowHTTP())
	case key == "output" && !slices.Contains(output.Formats(), value):
		return failure.Usagef("%q is not an output format", value).Hint("use %s", failure.OneOf(output.Formats()))
	}
	return nil
}

// complain shows a mistake, even with --quiet.
func (o *editOptions) complain(mistake error) {
	fmt.Fprintln(o.app.IO.Err, output.Clean(failure.Sentence(mistake)))
}

// forgetRemoved removes the copies of the names of stores whose profiles are gone.
func (o *editOptions) forgetRemoved(c *config.Config, f *config.File) error {
	var errs []error
	for _, p := range c.Profiles() {
		if _, stays := f.Profiles[p.Name]; stays {
			continue
		}
		names, err := o.app.PlaceOfNames(p.Name)
		if err == nil {
			err = o.app.ForgetNames(p.Name, names)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
