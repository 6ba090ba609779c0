package importing

import (
	"context"
	"errors"

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
	shown := showEnding(printer, summary, summary.Ending(a.Target()))
	return errors.Join(err, shown, summary.WriteReport())
}

// showEnding prints a summary as lines for a person, or in the format asked for.
func showEnding(printer *output.Printer, summary any, lines []output.Line) error {
	if printer.Structured() {
		return output.Value(printer, summary)
	}
	return output.Lines(printer, lines)
}
