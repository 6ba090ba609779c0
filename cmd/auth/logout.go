package auth

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
)

// logoutOptions is what `auth logout` knows when it starts.
type logoutOptions struct{ app *app.App }

func newLogoutCmd(a *app.App, run func(context.Context, *logoutOptions) error) *cobra.Command {
	opts := &logoutOptions{app: a}
	return &cobra.Command{
		Use:   "logout",
		Short: "Delete the token and the key of a profile",
		Long: `Delete the profile's token, merchant API key and email from the keyring or the
file. Other settings are kept, and so are secrets in the environment. No request
is sent: a token that was copied elsewhere stays valid until it expires.` + cli.ExitCodes(
			"0  deleted, or there were none",
			"3  no such profile, or the keyring or the file cannot be written",
		),
		Example: "  stockctl auth logout\n  stockctl auth logout --profile lagos",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.Context(), opts)
		},
	}
}

func runLogout(_ context.Context, opts *logoutOptions) error {
	c, err := opts.app.Config()
	if err != nil {
		return err
	}
	if err := refuseSandbox(c); err != nil {
		return err
	}
	if err := c.RequireProfile(); err != nil {
		return err
	}
	stored, _ := c.Find(c.Profile())
	if !stored.HasSecret() && stored.Store != config.StoreKeyring {
		opts.app.Note("profile %s has no secrets", c.Profile())
		return nil
	}
	if err := c.ForgetInKeyring(stored); err != nil {
		return err
	}
	err = c.Edit(func(f *config.File) error {
		p := f.Profile(c.Profile())
		p.Token, p.MerchantAPIKey, p.Email, p.TokenExpires, p.Store = "", "", "", time.Time{}, ""
		return nil
	})
	if err == nil {
		opts.app.Note("signed out of profile %s", c.Profile())
	}
	return err
}
