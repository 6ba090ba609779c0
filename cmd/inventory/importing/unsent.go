package importing

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/importer"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/stock"
)

// maxChanges is the maximum number of rows in the JSON of a dry run, which is collected
// before it is printed.
const maxChanges = 10_000

// dryRunResult is the result of a dry run.
type dryRunResult struct {
	File     string            `json:"file"`
	Mode     stock.Mode        `json:"mode"`
	Format   string            `json:"format"`
	Rows     int64             `json:"rows"`
	Requests int64             `json:"requests"`
	Would    map[string]int64  `json:"would"`            // how many rows of each kind
	Changes  []importer.Change `json:"changes"`          // the first 10,000, without rows that change nothing
	LeftOut  int64             `json:"changesLeftOut"`   // changes beyond that, which are only counted
	Report   string            `json:"report,omitempty"` // --report: every row
	// SavedPlan is the file with the plan.
	SavedPlan string       `json:"savedPlan,omitempty"`
	ExitCode  int          `json:"exitCode"`        // 0, or that of an import of the unchanged file
	Error     *unsentError `json:"error,omitempty"` // why nothing can be sent
}

// unsentError is why a file is not sent at all.
type unsentError struct {
	Kind    failure.Kind     `json:"kind"`
	Message string           `json:"message"`
	Details []failure.Detail `json:"details,omitempty"`
}

// gather collects the first 10,000 rows of a dry run that would change something or be
// refused.
func (f *dryRunResult) gather(changes iter.Seq2[importer.Change, error]) error {
	f.Changes = []importer.Change{}
	for c, err := range changes {
		switch {
		case err != nil:
			return err
		case len(f.Changes) == maxChanges:
			f.LeftOut++
		default:
			f.Changes = append(f.Changes, c)
		}
	}
	return nil
}

// reported also writes every row of a dry run to --report FILE.jsonl.
func reported(path string, all iter.Seq2[importer.Change, error]) iter.Seq2[importer.Change, error] {
	if !strings.HasSuffix(path, ".jsonl") {
		return all
	}
	return func(yield func(importer.Change, error) bool) {
		file, err := importer.NewReport(path)
		if err != nil {
			yield(importer.Change{}, err)
			return
		}
		out := bufio.NewWriter(file)
		lines := json.NewEncoder(out)
		for c, failed := range all {
			if failed == nil {
				failed = lines.Encode(c)
			}
			if !yield(c, failed) || failed != nil {
				break
			}
		}
		if err := errors.Join(out.Flush(), file.Close()); err != nil {
			yield(importer.Change{}, fmt.Errorf("writing the report: %w", err))
		}
	}
}

// reportMistakes writes --report for a file that cannot be sent, and returns why.
func (o *importOptions) reportMistakes(err error) error {
	path := o.importing.Report
	details := failure.DetailsOf(err)
	if path == "" || err == nil || details == nil {
		return err
	}
	if !strings.HasSuffix(path, ".jsonl") {
		return errors.Join(err, writeJSON(path, dryRunResult{
			File: o.importing.File, Mode: cmp.Or(o.importing.Mode, stock.Create), Would: map[string]int64{}, Changes: []importer.Change{},
			ExitCode: o.app.ExitCode(err), Error: &unsentError{failure.KindOf(err), output.Clean(err.Error()), details},
		}))
	}
	file, failed := importer.NewReport(path)
	if failed != nil {
		return errors.Join(err, failed)
	}
	lines := json.NewEncoder(file)
	for _, d := range details {
		line := struct {
			Line  int    `json:"line"`
			State string `json:"state"`
			failure.Detail
		}{d.Line, "invalid", d}
		line.Detail.Line = 0
		failed = errors.Join(failed, lines.Encode(line))
	}
	return errors.Join(err, failed, file.Close())
}

// writeJSON writes --report FILE.json.
func writeJSON(path string, v any) error {
	file, err := importer.NewReport(path)
	if err != nil {
		return err
	}
	out := json.NewEncoder(file)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return errors.Join(out.Encode(v), file.Close())
}
