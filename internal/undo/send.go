package undo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/stock"
)

// Summary is the outcome of an undo, including its earlier sessions.
type Summary struct {
	Run       string           `json:"run"`
	Undoes    string           `json:"undoes"`
	File      string           `json:"file"`
	Movements int64            `json:"movements"`
	Counts    ledger.Counts    `json:"counts"`
	Doubled   []ledger.Doubled `json:"doubled"`
	Refused   []Refused        `json:"refused"`  // the first 100
	Created   int64            `json:"created"`  // created records that keep their quantity
	Set       int64            `json:"set"`      // records changed by --if-exists set, which are not undone
	Unclear   int64            `json:"unclear"`  // rows with an unknown outcome, which are not undone
	Seconds   float64          `json:"seconds"`  // of this session
	ExitCode  int              `json:"exitCode"` // set by the command, which has the table
	Finished  bool             `json:"finished"` // nothing is left to resume

	source Source
}

// Refused is a movement that the API refused.
type Refused struct {
	Line    int       `json:"line"`
	Record  string    `json:"record"` // PRODUCT[/SKU]@WAREHOUSE, or an id
	ID      string    `json:"inventoryId"`
	Qty     int64     `json:"qty"`
	Code    string    `json:"code"`
	Message string    `json:"message"`
	Key     stock.Key `json:"-"`
}

const maxRefused = 100

// refusals collects the refused movements.
type refusals struct {
	mu   sync.Mutex
	list []Refused
}

func (r *refusals) Ended(w *ledger.Write, o ledger.Outcome) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if (o.State == journal.Rejected || o.State == journal.Held) && len(r.list) < maxRefused {
		r.list = append(r.list, Refused{
			Line: w.Line, Record: w.Key.String(), ID: w.Record, Qty: w.Change.Qty, Code: o.Code, Message: o.Message, Key: w.Key,
		})
	}
	return nil
}

func (r *refusals) NotAttempted(*ledger.Write, ledger.Outcome) error { return nil }

func (r *refusals) Doubted(*ledger.Write) {}

func (r *refusals) Once() bool { return false }

// Send sends the counter-movements. The summary accounts for every one of them, even if
// the undo stops early. The error is the failure that decides the exit code.
func (p *Plan) Send(ctx context.Context) (*Summary, error) {
	if p.run == nil {
		if err := p.begin(ctx); err != nil {
			return nil, err
		}
	}
	refused := &refusals{list: []Refused{}}
	result, err := p.run.Send(ctx, refused)
	if err != nil {
		return nil, err
	}
	s := &Summary{
		source: p.source,
		Run:    p.ID, Undoes: p.source.ID, File: p.file(), Movements: p.run.Plan().Rows, Counts: result.Counts, Doubled: result.Doubled,
		Refused: refused.list, Created: p.Created, Set: p.Set, Unclear: p.Unclear, Seconds: result.Seconds, Finished: result.Finished,
	}
	return s, s.problem(result)
}

// Unsent returns the summary of a plan from which nothing is sent: a dry run, or a run
// that leaves nothing to undo.
func (p *Plan) Unsent() *Summary {
	return &Summary{
		source: p.source,
		Run:    p.ID, Undoes: p.source.ID, File: p.file(), Movements: p.Movements, Counts: ledger.Counts{NotAttempted: p.Movements},
		Doubled: []ledger.Doubled{}, Refused: []Refused{}, Created: p.Created, Set: p.Set, Unclear: p.Unclear, Finished: p.Movements == 0,
	}
}

// Nothing returns the summary for work that has sent nothing.
func Nothing(id, file string) *Summary {
	return &Summary{Undoes: id, File: file, Doubled: []ledger.Doubled{}, Refused: []Refused{}, Finished: true}
}

// begin seals the plan. It first closes the run that is undone, so that the run
// cannot be resumed.
func (p *Plan) begin(ctx context.Context) error {
	if err := (&before{plan: p}).close(); err != nil {
		return err
	}
	d := *p.draft
	d.File, d.Digest, d.Tenant, d.Lookback = p.file(), p.of.Digest, p.of.Tenant, p.of.Lookback
	d.ImportID, d.Undoes, d.Options = p.source.ImportID, p.source.ID, p.options.Sending
	run, err := ledger.Begin(ctx, p.env, d)
	if err != nil {
		return err
	}
	p.run, p.draft = run, nil
	return nil
}

// file returns the user's name for the input of what is undone.
func (p *Plan) file() string { return cmp.Or(p.source.File, p.of.File) }

func (s *Summary) problem(r *ledger.Result) error {
	again := func(err error) error {
		return failure.WithHint(err, "continue with `%s`", s.source.Command)
	}
	switch {
	case r.Fault != nil:
		return failure.New(failure.Unexpected, "the counts of run %s do not add up: %w", s.Run, r.Fault)
	case r.Unread != nil:
		return again(r.Unread)
	case len(s.Doubled) > 0:
		return failure.New(failure.OutcomeUnknown, "%s applied twice", failure.Count(len(s.Doubled), "movement was", "movements were")).
			Hint("reverse the second one: %s", s.Doubled[0].Undo)
	case s.Counts.Held > 0:
		return again(failure.New(failure.OutcomeUnknown, "%d of %d movements are on hold: it is not known whether they were applied", s.Counts.Held, s.Movements))
	case r.Stopped != nil:
		return again(s.stopped(r.Stopped))
	case s.Counts.Rejected > 0:
		return failure.New(failure.Partial, "%d of %s refused", s.Counts.Rejected, failure.Count(s.Movements, "movement was", "movements were")).
			Hint("`%s` tries those again", s.source.Command)
	}
	return nil
}

func (s *Summary) stopped(cause error) error {
	kind := failure.KindOf(cause)
	if errors.Is(cause, context.Canceled) && kind == failure.Unexpected {
		kind = failure.Interrupted
	}
	left := s.Counts.NotAttempted + s.Counts.InDoubt
	return failure.New(kind, "the undo stopped after %d of %d movements: %w", s.Movements-left, s.Movements, cause)
}

// Ending returns the summary as text, starting with the movements that were not undone.
func (s *Summary) Ending(profile string) []output.Line {
	c := s.Counts
	lines := append([]output.Line{{
		Text: fmt.Sprintf("undid %s (%s) in %s by run %s · %s", s.source.Name, s.File, profile, s.Run, failure.Count(int(s.Movements), "movement", "movements")),
	}}, output.Outcomes([]output.Outcome{
		{N: c.Rejected, What: "refused"},
		{N: c.Held, What: "on hold"},
		{N: c.NotAttempted + c.InDoubt, What: "not attempted"},
	}, []output.Outcome{
		{N: c.Applied, What: "applied"},
		{N: c.Confirmed, What: "confirmed"},
		{N: c.Already, What: "already reversed"},
	})...)
	for _, r := range s.Refused[:min(len(s.Refused), 10)] {
		place := ""
		if s.source.Lines {
			place = fmt.Sprintf("line %d, ", r.Line)
		}
		lines = append(lines, output.Line{Text: fmt.Sprintf("  %s%s, %+d: %s", place, r.Record, r.Qty, r.Message)})
	}
	if len(s.Refused) > 10 {
		lines = append(lines, output.Line{Text: "  … -o json lists more"})
	}
	return lines
}
