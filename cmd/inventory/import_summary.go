package inventory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/bulk"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

// carryOut runs a plan and shows what became of it.
func carryOut(ctx context.Context, a *app.App, printer *output.Printer, plan *bulk.Plan) error {
	summary, err := plan.Run(ctx)
	if summary == nil {
		return err
	}
	summary.ExitCode = importExit(err)
	shown := error(nil)
	if printer.Structured() {
		shown = output.Value(printer, summary)
	} else {
		for line := range strings.SplitSeq(summary.Text(profileOf(a)+keyMark(a)), "\n") {
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

func writeReport(s *bulk.Summary) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(s.Report, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// importExit is the exit code of a run's failure, for the summary: a part of
// the table of all commands.
func importExit(err error) int {
	if err == nil {
		return 0
	}
	codes := map[failure.Kind]int{
		failure.Usage: 2, failure.Config: 3, failure.Auth: 4, failure.Permission: 5, failure.Unavailable: 8,
		failure.OutcomeUnknown: 9, failure.Partial: 10, failure.Interrupted: 130, failure.Terminated: 143,
	}
	if code, known := codes[failure.KindOf(err)]; known {
		return code
	}
	return 1
}
