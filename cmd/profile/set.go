package profile

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/suggest"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

// setOptions contains the app and the parsed flags of `profile set`. A nil setting is not
// changed; a blank one is removed.
type setOptions struct {
	app                        *app.App
	name                       string
	baseURL, warehouse, format *string
	confirm                    *bool // nil: unchanged
}

func newSetCmd(a *app.App, run func(context.Context, *setOptions) error) *cobra.Command {
	opts := &setOptions{app: a}
	var baseURL, warehouse, format string
	var confirm bool
	cmd := &cobra.Command{
		Use:   "set NAME",
		Short: "Create or change a profile",
		Long: `Create a profile, or change its settings. A blank value removes a setting. If a
new base URL has another host, the profile's token and key are removed, because
they belong to the old host.

With --confirm, every command that writes with this profile asks for confirmation.
Without a terminal, these commands then require --yes.` + cli.ExitCodes(
			"0  stored",
			"2  an invalid name or value",
			"3  an invalid base URL, or the file cannot be written",
		),
		Example: `  stockctl profile set lagos --warehouse LGS-01 --output json
  stockctl profile set training --base-url http://127.0.0.1:8080
  stockctl profile set lagos --confirm
  stockctl profile set lagos --warehouse ""`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: suggest.First(suggest.Profiles(a, false)),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.name = args[0]
			for flag, to := range map[string]**string{"base-url": &opts.baseURL, "warehouse": &opts.warehouse, "output": &opts.format} {
				if f := cmd.Flags().Lookup(flag); f.Changed {
					text := f.Value.String()
					*to = &text
				}
			}
			if cmd.Flags().Changed("confirm") {
				opts.confirm = &confirm
			}
			return run(cmd.Context(), opts)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&baseURL, "base-url", "", "the API's `URL`")
	flags.StringVar(&warehouse, "warehouse", "", "the default `warehouse` of commands for single records")
	flags.StringVarP(&format, "output", "o", "", "the output `format`: "+failure.OneOf(output.Formats()))
	flags.BoolVar(&confirm, "confirm", false, "ask for confirmation before every write; turn off with --confirm=false")
	cli.TakesEmpty(cmd, "base-url", "warehouse", "output")
	return cmd
}

func runSet(_ context.Context, opts *setOptions) error {
	c, err := opts.app.Config()
	if err != nil {
		return err
	}
	if err := config.CheckName(opts.name); err != nil {
		return err
	}
	for _, s := range []struct {
		key   string
		value *string
	}{{"base-url", opts.baseURL}, {"output", opts.format}} {
		if s.value == nil || *s.value == "" {
			continue
		}
		if err := check(c, s.key, *s.value); err != nil {
			return err
		}
	}
	forgot := false
	before, _ := c.Find(opts.name)
	if opts.baseURL != nil && !config.SameHost(before.BaseURL, *opts.baseURL) {
		if err := c.ForgetInKeyring(before); err != nil {
			return err
		}
	}
	err = c.Edit(func(f *config.File) error {
		p := f.Profile(opts.name)
		if opts.baseURL != nil && !config.SameHost(p.BaseURL, *opts.baseURL) {
			forgot = p.HasSecret() || p.Store == config.StoreKeyring
			p.Token, p.MerchantAPIKey, p.TokenExpires, p.Store = "", "", time.Time{}, ""
		}
		assign(&p.BaseURL, opts.baseURL)
		assign(&p.Warehouse, opts.warehouse)
		assign(&p.Output, opts.format)
		if opts.confirm != nil {
			p.Confirm = *opts.confirm
		}
		return nil
	})
	if err != nil {
		return err
	}
	opts.app.Note("saved profile %s in %s", opts.name, c.Path())
	if forgot {
		opts.app.Note("removed its token and key, which were for the old base URL: run `stockctl auth login --profile %s`", failure.Arg(opts.name))
	}
	return nil
}

func assign(to, value *string) {
	if value != nil {
		*to = *value
	}
}
