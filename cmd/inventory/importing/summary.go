package importing

import (
	"context"
	"errors"

	"github.com/bayworks/stockctl/cmd/inventory/sending"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/output"
)

// carryOut runs a plan and shows its outcome.
func carryOut(ctx context.Context, a *app.App, printer *output.Printer, plan *importer.Plan) error {
	summary, err := plan.Run(ctx)
	if summary == nil {
		return err
	}
	summary.ExitCode = a.ExitCode(err)
	shown := sending.Ending(printer, summary, summary.Ending(a.Target()))
	return errors.Join(err, shown, summary.WriteReport())
}
