package importing

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/output"
)

// carryOut runs a plan and shows what became of it.
func carryOut(ctx context.Context, a *app.App, printer *output.Printer, plan *importer.Plan) error {
	summary, err := plan.Run(ctx)
	if summary == nil {
		return err
	}
	summary.ExitCode = a.ExitCode(err)
	shown := error(nil)
	if printer.Structured() {
		shown = output.Value(printer, summary)
	} else {
		for line := range strings.SplitSeq(summary.Text(a.Target()), "\n") {
			if _, failed := fmt.Fprintln(a.IO.Out, output.Clean(line)); failed != nil {
				shown = failed
			}
		}
	}
	return errors.Join(err, shown, summary.WriteReport())
}
