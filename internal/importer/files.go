package importer

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/bayworks/stockctl/internal/columns"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
)

// files are the files that a run writes for people and scripts: the refused rows, the
// rows on hold, and the report. It observes the run.
type files struct {
	refused *rowFile
	held    *rowFile
	report  *reportFile // nil: no --report
	lines   bool        // the report has one line per row; false: it is the summary
	input   string      // the name of the imported file
	listed  []failure.Problem
}

// ownColumns returns the columns that come before those of the input in a file of rows.
// When such a file is imported, columns that begin with an underscore are ignored, except
// _n and _raw.
func ownColumns() []string {
	return []string{"_line", columns.FieldOccurrence, "_state", "_code", "_error", intake.RawColumn}
}

// openFiles opens the files of a session before anything is sent, so that an unwritable
// file is reported in time. dir is where they go if there is no better place.
func openFiles(p *Plan, dir string, resumed bool) (*files, error) {
	f := &files{input: p.name}
	var err error
	if f.refused, err = openRefused(p, dir, resumed); err != nil {
		return nil, err
	}
	if f.held, err = openRows(p, "held", "", dir); err != nil {
		return nil, errors.Join(err, f.close())
	}
	if p.options.Report == "" {
		return f, nil
	}
	if f.report, err = openReport(p.options.Report, p.id, resumed); err != nil {
		return nil, errors.Join(err, f.close())
	}
	if f.report.same(f.refused.file) || f.report.same(f.held.file) {
		return nil, errors.Join(failure.Usagef("--report and --rejects name the same file"), f.close())
	}
	f.lines = strings.HasSuffix(p.options.Report, ".jsonl")
	return f, nil
}

// Ended writes a row to the files it belongs in.
func (f *files) Ended(w *ledger.Write, o ledger.Outcome) error {
	var err error
	switch o.State {
	case journal.Rejected, journal.Conflict, journal.Invalid:
		err = f.refused.write(w, o)
		f.list(w, o)
	case journal.Held:
		err = f.held.write(w, o)
	}
	return errors.Join(err, f.line(w, o))
}

// list keeps the first refused rows, for the error.
func (f *files) list(w *ledger.Write, o ledger.Outcome) {
	if len(f.listed) < maxListed {
		f.listed = append(f.listed, failure.Problem{Where: fmt.Sprintf("%s:%d", f.input, w.Line), Code: o.Code, What: o.Message})
	}
}

// NotAttempted writes the row only to the report.
func (f *files) NotAttempted(w *ledger.Write, o ledger.Outcome) error { return f.line(w, o) }

// Doubted does nothing: a row in doubt is not in any of the files yet.
func (f *files) Doubted(*ledger.Write) {}

// Once reports whether rows must be written only once: the report must not repeat lines.
func (f *files) Once() bool { return f.lines }

// reportLine is one row in --report FILE.jsonl.
type reportLine struct {
	Row     int64  `json:"row"`
	Line    int    `json:"line"`
	State   string `json:"state"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	Record  string `json:"inventoryId,omitempty"`
	Token   string `json:"token,omitempty"`
}

func (f *files) line(w *ledger.Write, o ledger.Outcome) error {
	if !f.lines {
		return nil
	}
	b, err := json.Marshal(reportLine{w.N, w.Line, o.State.String(), o.Code, o.Message, w.Record, w.Token})
	if err != nil {
		return err
	}
	if _, err = f.report.file.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

func (f *files) close() error {
	var errs []error
	for _, r := range []*rowFile{f.refused, f.held} {
		if r != nil {
			errs = append(errs, r.close())
		}
	}
	if f.report != nil {
		errs = append(errs, f.report.close())
	}
	return errors.Join(errs...)
}
