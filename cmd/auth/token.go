package auth

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
)

// tokenOptions is what `auth token` knows when it starts.
type tokenOptions struct{ app *app.App }

func newTokenCmd(a *app.App, run func(context.Context, *tokenOptions) error) *cobra.Command {
	return &cobra.Command{
		Use:   "token",
		Short: "Print the token",
		Long: `Print the token that commands send, so that your own program can call the API.
It is a secret: keep it out of logs. If the token has expired and STOCKCTL_EMAIL
and STOCKCTL_PASSWORD are set, it is renewed first.` + cli.ExitCodes(
			"0  printed",
			"4  not signed in, or the token has expired",
		),
		Example: `  curl -H "Authorization: Bearer $(stockctl auth token)" \
    -H "X-MerchantApiKey: $STOCKCTL_MERCHANT_API_KEY" https://api.shopsynch.com/v1/inventory`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.Context(), &tokenOptions{app: a})
		},
	}
}

func runToken(ctx context.Context, opts *tokenOptions) error {
	token, err := opts.app.Token(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(opts.app.IO.Out, token)
	return err
}
