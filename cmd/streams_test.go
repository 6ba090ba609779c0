package cmd

import (
	"context"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/iostreams"
)

// MainOn is Main on other streams.
func MainOn(streams *iostreams.Streams, build app.Build, args []string) int {
	ctx, stop := interruptible(context.Background())
	defer stop()
	return Run(ctx, app.New(streams, build), args)
}
