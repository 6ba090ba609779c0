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

// files are what a run leaves for people and scripts: the rows that were
// refused, the rows that are held, and the report of every row. It observes the run.
type files struct {
	refused *rowFile
	held    *rowFile
	report  *reportFile // nil: none is asked for
	lines   bool        // the report has a line for each row; otherwise it is the summary
	input   string      // the name of the file that is imported
	listed  []failure.Problem
}

// ownColumns come before those of the input in a file of rows. Columns that begin with
// an underscore are ignored when it is read again, but for _n and _raw.
func ownColumns() []string {
	return []string{"_line", columns.FieldOccurrence, "_state", "_code", "_error", intake.RawColumn}
}

// openFiles opens the files of a session, so that one that cannot be written is
// reported before anything is sent. dir is where they go when there is no other
// place.
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
		return nil, errors.Join(failure.Usagef("--report and --rejects name one file"), f.close())
	}
	f.lines = strings.HasSuffix(p.options.Report, ".jsonl")
	return f, nil
}

// Ended writes a row where it belongs.
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

// list keeps the first rows that were refused, for the error.
func (f *files) list(w *ledger.Write, o ledger.Outcome) {
	if len(f.listed) < maxListed {
		f.listed = append(f.listed, failure.Problem{Where: fmt.Sprintf("%s:%d", f.input, w.Line), Code: o.Code, What: o.Message})
	}
}

// NotAttempted writes a row's line of the report alone.
func (f *files) NotAttempted(w *ledger.Write, o ledger.Outcome) error { return f.line(w, o) }

// Once: a line of the report must not stand twice.
func (f *files) Doubted(*ledger.Write) {}

func (f *files) Once() bool { return f.lines }

// reportLine is a row of --report FILE.jsonl.
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
