package importing

import (
	"context"

	"github.com/bayworks/stockctl/cmd/inventory/sending"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/importer"
)

// environment returns the dependencies of an import.
func environment(ctx context.Context, a *app.App, workers int) (importer.Env, error) {
	ledger, err := sending.Env(ctx, a, workers)
	if err != nil {
		return importer.Env{}, err
	}
	names, err := a.Names(ctx)
	return importer.Env{Env: ledger, Names: names, Barcodes: names, In: a.Stdin(ctx)}, err
}
