// Package auth holds the verbs that sign in and out and tell who is signed in.
package auth

import (
	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/noun"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
)

// New returns the `auth` command with its verbs.
func New(a *app.App) *cobra.Command {
	return noun.New(&cobra.Command{
		Use:   "auth",
		Short: "Sign in and out",
		Long: `Sign in and out, and see who is signed in.

A profile needs two secrets: the merchant's API key and a token, which lasts a
day. Both are kept in the keyring of the operating system or, where there is none,
in the configuration file, which only you can read. Or they come from the
environment: STOCKCTL_MERCHANT_API_KEY and STOCKCTL_TOKEN, or the same with _FILE
for a file that holds the secret. With STOCKCTL_EMAIL and
STOCKCTL_PASSWORD (or STOCKCTL_PASSWORD_FILE) stockctl signs in automatically
whenever it needs to. Secrets are never taken from flags.`,
		Example: `  stockctl auth login
  stockctl auth status
  STOCKCTL_PASSWORD_FILE=/run/secrets/stock STOCKCTL_EMAIL=ci@example.com stockctl inventory list`,
	},
		newLoginCmd(a, runLogin),
		newLogoutCmd(a, runLogout),
		newStatusCmd(a, runStatus),
		newTokenCmd(a, runToken),
	)
}

// refuseSandbox is the error for signing in or out of the built-in profile.
func refuseSandbox(c *config.Config) error {
	if !c.IsSandbox() {
		return nil
	}
	return failure.Usagef("the sandbox profile needs no account").
		Hint("name another profile with --profile")
}
