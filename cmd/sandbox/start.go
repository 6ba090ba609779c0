package sandbox

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/sandbox"
)

// startFlag adds --start to a verb.
func startFlag(cmd *cobra.Command, to *string) {
	cmd.Flags().StringVar(to, "start", "", "begin with the shop in this YAML or JSON `file`")
	cli.CompleteFiles(cmd, "start", "yaml", "yml", "json")
}

// readStart reads the shop from the --start file. It returns nil without one.
func readStart(ctx context.Context, name string) (*sandbox.Start, error) {
	if name == "" {
		return nil, nil
	}
	f, err := await.Open(ctx, name)
	if err != nil {
		return nil, failure.Usagef("reading the start file: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	shop, err := sandbox.ReadStart(await.Reader(ctx, f))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return shop, nil
}
