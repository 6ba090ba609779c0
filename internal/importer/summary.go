package importer

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/pace"
	"github.com/bayworks/stockctl/internal/stock"
)

// Summary is the outcome of a run. The counts include those of its earlier sessions.
type Summary struct {
	Run      string           `json:"run"`
	File     string           `json:"file"`
	Mode     stock.Mode       `json:"mode"`
	Shard    string           `json:"shard,omitempty"`
	Rows     int64            `json:"rows"`            // writes; a row of a wide file makes several
	Lines    int64            `json:"lines,omitempty"` // rows of a wide file
	Counts   ledger.Counts    `json:"counts"`
	Doubled  []ledger.Doubled `json:"doubled"`
	Drifted  int64            `json:"drifted,omitempty"` // mode set: rows with another movement in between
	Seconds  float64          `json:"seconds"`           // of this session
	Rejects  string           `json:"rejects"`           // the newest file of refused rows, "" for none
	Held     string           `json:"held,omitempty"`
	Report   string           `json:"report"`
	ExitCode int              `json:"exitCode"` // of the command

	Finished   bool     `json:"-"` // nothing is left to resume
	ended      int64    // rows that this session ended
	AllRejects []string `json:"allRejects,omitempty"` // including those of earlier sessions
	AllHeld    []string `json:"-"`
	Waited     float64  `json:"waitedSeconds,omitempty"` // time that this session waited because of the API's rate limits
	pace       pace.Report
	report     *reportFile // the file for this summary; nil: none
	Remarks    []string    `json:"-"`
}

// summary turns the result of a run into the summary of an import.
func (p *Plan) summary(r *ledger.Result) *Summary {
	lines := int64(0)
	if len(p.columns.Groups) > 0 {
		lines = p.Lines
	}
	return &Summary{
		Lines: lines, Run: p.id, File: p.name, Mode: p.options.Mode, Shard: p.options.Shard.String(), Rows: p.Rows,
		Counts: r.Counts, Doubled: r.Doubled, Drifted: r.Drifted, Seconds: r.Seconds, Waited: r.Pace.Waited.Seconds(), pace: r.Pace,
		Finished: r.Finished, ended: r.Ended, Remarks: append(p.Remarks, r.Remarks...),
	}
}

// problem returns the failure of a run. If there are several, it returns the most
// serious, by exit code in the order 1, 9, 4, 5, 130 or 143, 8, 10.
func (s *Summary) problem(r *ledger.Result, fault error) error {
	undone := func(err error) error {
		return failure.WithHint(err, "continue with `stockctl inventory import resume %s`", s.Run)
	}
	switch {
	case fault != nil:
		return failure.New(failure.Unexpected, "the counts of run %s do not add up: %w", s.Run, fault)
	case r.Unread != nil:
		return failure.WithHint(r.Unread, "`stockctl inventory import resume %s` settles what was sent", s.Run)
	case len(s.Doubled) > 0:
		return failure.New(failure.OutcomeUnknown, "%s applied twice", failure.Count(len(s.Doubled), "row was", "rows were")).Hint("reverse the second one: %s", s.Doubled[0].Undo)
	case s.Counts.Held > 0:
		err := failure.New(failure.OutcomeUnknown, "%d of %d rows are on hold: it is unknown whether they were applied", s.Counts.Held, s.Rows)
		if s.Mode == stock.Create && s.Counts.NotAttempted+s.Counts.InDoubt == 0 {
			return err.Hint("delete the run with `stockctl inventory import forget %s` and import %s again: each row is then compared with the existing record", s.Run, failure.Arg(s.File))
		}
		return undone(err)
	}
	if r.Stopped != nil && !errors.Is(r.Stopped, ledger.ErrTooMany) {
		return undone(s.stopped(r.Stopped))
	}
	refused := s.Counts.Rejected + s.Counts.Conflict + s.Counts.Invalid
	switch {
	case r.Stopped != nil:
		return undone(failure.New(failure.Partial, "%d of %d rows were refused: --max-errors stopped the run", refused, s.Rows))
	case refused > 0:
		return failure.New(failure.Partial, "%d of %d rows were not imported", refused, s.Rows).
			Hint("%s", s.rejectsHint())
	}
	return nil
}

// rejectsHint says what to do with the refused rows. Several sessions may have written
// several files.
func (s *Summary) rejectsHint() string {
	switch n := len(s.AllRejects); {
	case n < 2:
		return "fix " + failure.Arg(s.Rejects) + " and import that"
	case n < 4:
		var names []string
		for _, name := range s.AllRejects {
			names = append(names, failure.Arg(name))
		}
		return "fix " + strings.Join(names, " and ") + ", and import those"
	default:
		return fmt.Sprintf("fix the %d rejects files of the run, and import those", n)
	}
}

// stopped returns the failure of a run that could not continue.
func (s *Summary) stopped(cause error) error {
	kind := failure.KindOf(cause)
	if errors.Is(cause, context.Canceled) && kind == failure.Unexpected {
		kind = failure.Interrupted
	}
	done := s.Rows - s.Counts.NotAttempted - s.Counts.InDoubt
	return failure.New(kind, "the import stopped after %d of %d rows: %w", done, s.Rows, cause)
}

// counted returns the number of rows as text; for a wide file, of writes and of rows.
func counted(writes, lines int64) string {
	if lines == 0 {
		return failure.Count(writes, "row", "rows")
	}
	return failure.Count(writes, "write", "writes") + " from " + failure.Count(lines, "row", "rows")
}

// Ending returns the summary for people. Rows that were not imported come first.
func (s *Summary) Ending(profile string) []output.Line {
	head := fmt.Sprintf("imported %s into %s · %s in %.1f s", s.File, profile, counted(s.Rows, s.Lines), s.Seconds)
	if s.Seconds > 0 {
		head += ", " + humanize.Comma(int64(float64(s.ended)/s.Seconds)) + "/s"
	}
	lines := []output.Line{{Text: head}}
	add := func(mark output.Mark, text string) { lines = append(lines, output.Line{Text: "  " + text, Mark: mark}) }
	if waiting := s.pace.Waiting(); waiting != "" {
		add(output.MarkNone, waiting)
	}
	lines = append(lines, s.counts()...)
	for _, name := range s.AllRejects {
		add(output.MarkNone, "rejects: "+name)
	}
	for _, name := range s.AllHeld {
		add(output.MarkNone, "held: "+name)
	}
	if !s.Finished {
		add(output.MarkNone, "continue: stockctl inventory import resume "+s.Run)
	}
	for _, d := range s.Doubled {
		add(output.MarkLow, "applied twice: "+d.Token+"; see "+d.Undo)
	}
	for _, remark := range s.Remarks {
		add(output.MarkNone, remark)
	}
	return lines
}

func (s *Summary) counts() []output.Line {
	c := s.Counts
	return output.Outcomes([]output.Outcome{
		{N: c.Rejected, What: "rejected"},
		{N: c.Conflict, What: "conflict"},
		{N: c.Invalid, What: "invalid"},
		{N: c.Held, What: "held"},
		{N: c.InDoubt, What: "in doubt"},
		{N: int64(len(s.Doubled)), What: "doubled"},
		{N: c.NotAttempted, What: "not attempted"},
	}, []output.Outcome{
		{N: c.Applied, What: "applied"},
		{N: c.Confirmed, What: "confirmed"},
		{N: c.Already, What: "already there"},
		{N: c.Skipped, What: "skipped"},
		{N: s.Drifted, What: "drifted"},
	})
}
