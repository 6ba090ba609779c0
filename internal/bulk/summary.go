package bulk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/bayworks/stockctl/internal/bulk/journal"
	"github.com/bayworks/stockctl/internal/failure"
)

// Counts are the rows by state.
type Counts struct {
	Applied      int64 `json:"applied"`
	Confirmed    int64 `json:"confirmed"`
	Already      int64 `json:"already"`
	Skipped      int64 `json:"skipped"`
	Rejected     int64 `json:"rejected"`
	Conflict     int64 `json:"conflict"`
	Invalid      int64 `json:"invalid"`
	Held         int64 `json:"held"`
	NotAttempted int64 `json:"notAttempted"`
	InDoubt      int64 `json:"inDoubt"`
}

// CountsOf names the numbers of a journal.
func CountsOf(s journal.Stats) Counts {
	return Counts{
		s[journal.Applied], s[journal.Confirmed], s[journal.Already], s[journal.Skipped], s[journal.Rejected],
		s[journal.Conflict], s[journal.Invalid], s[journal.Held], s[journal.NotAttempted], s[journal.InDoubt],
	}
}

// Summary is what a run has come to. Counts are those of the whole run, earlier
// sessions included.
type Summary struct {
	Run      string    `json:"run"`
	File     string    `json:"file"`
	Mode     Mode      `json:"mode"`
	Shard    string    `json:"shard,omitempty"`
	Rows     int64     `json:"rows"`
	Counts   Counts    `json:"counts"`
	Doubled  []Doubled `json:"doubled"`
	Drifted  int64     `json:"drifted,omitempty"` // set: rows that another movement came between
	Seconds  float64   `json:"seconds"`           // of this session
	Rejects  string    `json:"rejects"`           // the newest file of refused rows, "" for none
	Held     string    `json:"held,omitempty"`
	Report   string    `json:"report"`
	ExitCode int       `json:"exitCode"` // set by the command, which has the table

	Finished   bool     `json:"-"` // nothing is left for a resume
	ended      int64    // rows that this session brought to an end
	AllRejects []string `json:"allRejects,omitempty"` // of earlier sessions, too
	AllHeld    []string `json:"-"`
	Remarks    []string `json:"-"`
}

// problem is the failure of a run: of several, the gravest, in the order 1, 9,
// 4, 5, 130 or 143, 8, 10 of the exit codes.
func (s *Summary) problem(stop context.Context, fault error) error {
	cause := context.Cause(stop)
	undone := func(err error) error {
		return failure.WithHint(err, "go on with `stockctl inventory import resume %s`", s.Run)
	}
	switch {
	case fault != nil:
		return failure.New(failure.Unexpected, "the account of run %s cannot be trusted: %w", s.Run, fault)
	case len(s.Doubled) > 0:
		return failure.New(failure.OutcomeUnknown, "%s applied twice", failure.Count(len(s.Doubled), "row was", "rows were")).Hint("take the second back: %s", s.Doubled[0].Undo)
	case s.Counts.Held > 0:
		err := failure.New(failure.OutcomeUnknown, "%d of %d rows are held: it could not be told whether they were applied", s.Counts.Held, s.Rows)
		if s.Mode == Create && s.Counts.NotAttempted+s.Counts.InDoubt == 0 {
			return err.Hint("give the run up with `stockctl inventory import forget %s` and import %s again: each row is then held against the record that stands", s.Run, s.File)
		}
		return undone(err)
	}
	if stop.Err() != nil && !errors.Is(cause, errTooMany) {
		return undone(s.stopped(cause))
	}
	refused := s.Counts.Rejected + s.Counts.Conflict + s.Counts.Invalid
	switch {
	case stop.Err() != nil:
		return undone(failure.New(failure.Partial, "%d of %d rows were refused: --max-errors stopped the run", refused, s.Rows))
	case refused > 0:
		return failure.New(failure.Partial, "%d of %d rows were not imported", refused, s.Rows).
			Hint("%s", s.mend())
	}
	return nil
}

// mend is what to do with the refused rows: each session of a run has written
// those that it came to into a file of its own.
func (s *Summary) mend() string {
	switch n := len(s.AllRejects); {
	case n < 2:
		return "mend " + s.Rejects + " and import that"
	case n < 4:
		return "mend " + strings.Join(s.AllRejects, " and ") + ", and import those"
	default:
		return fmt.Sprintf("mend the %d rejects files of the run, and import those", n)
	}
}

// stopped is the failure of a run that could not go on.
func (s *Summary) stopped(cause error) error {
	kind := failure.KindOf(cause)
	if errors.Is(cause, context.Canceled) && kind == failure.Unexpected {
		kind = failure.Interrupted
	}
	done := s.Rows - s.Counts.NotAttempted - s.Counts.InDoubt
	return failure.New(kind, "the import stopped after %d of %d rows: %w", done, s.Rows, cause)
}

// Counted is a number with its thing: "1 row", "5,000 rows".
func Counted(n int64, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return humanize.Comma(n) + " " + thing
}

// Text tells the run in a few lines for a person.
func (s *Summary) Text(profile string) string {
	text := fmt.Sprintf("imported %s into %s · %s in %.1f s", s.File, profile, Counted(s.Rows, "row"), s.Seconds)
	if s.Seconds > 0 {
		text += ", " + humanize.Comma(int64(float64(s.ended)/s.Seconds)) + "/s"
	}
	text += s.counts()
	for _, name := range s.AllRejects {
		text += "\n  rejects: " + name
	}
	for _, name := range s.AllHeld {
		text += "\n  held: " + name
	}
	if !s.Finished {
		text += "\n  go on: stockctl inventory import resume " + s.Run
	}
	for _, d := range s.Doubled {
		text += "\n  applied twice: " + d.Token + "; see " + d.Undo
	}
	for _, remark := range s.Remarks {
		text += "\n  " + remark
	}
	return text
}

// summaryWidth is where the counts of a run go on in a new line.
const summaryWidth = 80

// counts are the counts in lines of their own: those that every run has, then
// those that are not zero.
func (s *Summary) counts() string {
	c := s.Counts
	var text strings.Builder
	width := summaryWidth
	for _, one := range []struct {
		what   string
		n      int64
		always bool
	}{
		{"applied", c.Applied, true},
		{"confirmed", c.Confirmed, true},
		{"already there", c.Already, true},
		{"rejected", c.Rejected, true},
		{"held", c.Held, true},
		{"not attempted", c.NotAttempted, true},
		{"conflict", c.Conflict, false},
		{"invalid", c.Invalid, false},
		{"skipped", c.Skipped, false},
		{"in doubt", c.InDoubt, false},
		{"doubled", int64(len(s.Doubled)), false},
		{"drifted", s.Drifted, false},
	} {
		if one.n == 0 && !one.always {
			continue
		}
		count, gap := one.what+" "+humanize.Comma(one.n), "   "
		if width+len(gap)+len(count) > summaryWidth {
			width, gap = -1, "\n  " // the break itself takes no column
		}
		width += len(gap) + len(count)
		text.WriteString(gap + count)
	}
	return text.String()
}
