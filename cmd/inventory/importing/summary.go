package importing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
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
	if strings.HasSuffix(summary.Report, ".json") {
		shown = errors.Join(shown, writeReport(summary))
	}
	if err != nil {
		return err
	}
	return shown
}

func writeReport(s *importer.Summary) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(s.Report, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}
