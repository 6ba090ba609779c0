package importing

import (
	"context"
	"io"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/importer"
)

// Create imports a table of new records, for `inventory create -f`. in is the table if
// it cannot be opened by name, else nil.
func Create(ctx context.Context, a *app.App, o importer.Options, in io.Reader, dryRun bool) error {
	opts := &importOptions{app: a, importing: o, since: "30d", dryRun: dryRun, in: in}
	if in != nil {
		opts.importing.File = "-"
	}
	return runImport(ctx, opts)
}
