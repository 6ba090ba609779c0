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
		Short: "Serve, use or reset the built-in inventory API",
		Long: `The sandbox is a complete inventory API inside stockctl, for trying commands,
for training, and for CI. ` + "`--profile sandbox`" + ` uses it without a server or an
account; its records are kept in the state folder until ` + "`sandbox reset`" + `.
` + "`sandbox serve`" + ` offers it over HTTP, with an account, a key and tokens like
those of the real API.`,
		Example: `  stockctl inventory list --profile sandbox
  stockctl sandbox serve --addr 127.0.0.1:8080
  stockctl sandbox run -- ./test.sh
  stockctl sandbox serve --detach
  stockctl sandbox stop
  stockctl sandbox reset`,
	},
		newServeCmd(a, runServe),
		newStopCmd(a, runStop),
		newRunCmd(a, runRun),
		newResetCmd(a, runReset),
	)
}
