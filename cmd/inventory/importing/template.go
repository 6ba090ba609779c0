package importing

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// templateOptions is what `inventory import template` knows when it starts.
type templateOptions struct {
	app  *app.App
	mode stock.Mode
}

func newTemplateCmd(a *app.App, run func(context.Context, *templateOptions) error) *cobra.Command {
	opts := &templateOptions{app: a}
	var mode string
	cmd := &cobra.Command{
		Use:     "template",
		Short:   "Print a CSV header with two example rows",
		Long:    "Print a CSV header with two example rows, as a starting point for your own file." + cli.ExitCodes("0  printed", "2  no such mode"),
		Example: "  stockctl inventory import template --mode adjust > deliveries.csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if opts.mode, err = stock.ParseMode(mode); err != nil {
				return err
			}
			return run(cmd.Context(), opts)
		},
	}
	cmd.Flags().StringVar(&mode, "mode", string(stock.Create), "the import `mode`: "+failure.OneOf(stock.Modes()))
	cli.CompleteValues(cmd, "mode", stock.Modes())
	return cmd
}

func runTemplate(_ context.Context, opts *templateOptions) error {
	_, err := opts.app.IO.Out.Write([]byte(columns.Template(opts.mode)))
	return err
}
