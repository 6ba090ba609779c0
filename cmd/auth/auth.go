// Package auth contains the commands that sign in and out and show who is signed in.
package auth

import (
	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/config"
	"github.com/bayworks/stockctl/internal/failure"
)

// New returns the `auth` command with its subcommands.
func New(a *app.App) *cobra.Command {
	return cli.Group(&cobra.Command{
		Use:   "auth",
		Short: "Sign in and out",
		Long: `Sign in and out, and see who is signed in.

A profile needs two secrets: the merchant's API key, and a token, which is valid
for a day. Both are stored in your system's keyring or, if there is none, in the
configuration file, which only you can read.

Both can also come from the environment: from STOCKCTL_MERCHANT_API_KEY and
STOCKCTL_TOKEN, or from files that you name in STOCKCTL_MERCHANT_API_KEY_FILE
and STOCKCTL_TOKEN_FILE. With STOCKCTL_EMAIL and STOCKCTL_PASSWORD (or
STOCKCTL_PASSWORD_FILE), stockctl signs in automatically when it has to. No flag
takes a secret.`,
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

// refuseSandbox returns the error for signing in or out of the built-in profile.
func refuseSandbox(c *config.Config) error {
	if !c.IsSandbox() {
		return nil
	}
	return failure.Usagef("the sandbox profile needs no account").
		Hint("name another profile with --profile")
}
