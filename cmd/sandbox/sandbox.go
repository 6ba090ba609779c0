// Package sandbox implements `stockctl sandbox`, the commands for the embedded
// inventory API.
package sandbox

import (
	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
)

// New returns the `sandbox` command with its verbs.
func New(a *app.App) *cobra.Command {
	return cli.Group(&cobra.Command{
		Use:   "sandbox",
		Short: "Serve, use or reset the embedded inventory API",
		Long: `The sandbox is the whole inventory API inside stockctl, for trying commands, for
training, and for CI. ` + "`--profile sandbox`" + ` uses it without a server or an account;
its records stay in the state folder until ` + "`sandbox reset`" + `. ` + "`sandbox serve`" + ` offers
it over HTTP, with an account, a key and tokens as the real API has them.`,
		Example: `  stockctl inventory list --profile sandbox
  stockctl sandbox serve --addr 127.0.0.1:8080
  stockctl sandbox run -- ./test.sh
  stockctl sandbox reset`,
	},
		newServeCmd(a, runServe),
		newRunCmd(a, runRun),
		newResetCmd(a, runReset),
	)
}
