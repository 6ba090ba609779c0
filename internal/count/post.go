package count

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/durable"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// Agree stores the variance. From then on the session can only be posted: its movements
// never change, and each has a token derived from the session and the record.
func (s *Session) Agree(lines []Line) error {
	text, err := json.Marshal(lines)
	if err != nil {
		return err
	}
	return durable.Replace(s.path(linesFile), text, 0o600)
}

// Agreed returns the agreed variance, if any.
func (s *Session) Agreed() (lines []Line, agreed bool, err error) {
	text, err := os.ReadFile(s.path(linesFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &lines)
	}
	return lines, err == nil, err
}

// importID is the import id from which the tokens of the movements are derived.
func (s *Session) importID() string { return "count-" + s.Head.ID }

// tag is the part of a movement's token that does not depend on the session.
func (l Line) tag() string { return settle.RowTag(l.Record, api.ActionAdjusted, *l.Difference, "", 1) }

// Posted is the result of posting a count.
type Posted struct {
	Finished bool           // nothing is left to resume
	Sent     *ledger.Result // nil: nothing was sent
	Err      error          // what was not corrected, or why posting stopped
}

// Post sends the agreed movements, or continues to, and sets the outcomes in the lines.
// A movement is never applied twice: one that was sent without a response is looked up
// in the movement log. An error means that posting could not begin and nothing was
// sent.
func (s *Session) Post(ctx context.Context, env ledger.Env, lines []Line) (Posted, error) {
	env.Store = s.runs()
	runs, err := ledger.Runs(env.Store)
	if err != nil {
		return Posted{}, err
	}
	posted := Posted{Finished: true}
	doubt := false
	newest := ""
	if n := len(runs); n > 0 {
		newest = runs[n-1].ID
	}
	if n := len(runs); n == 0 || runs[n-1].Finished == nil || runs[n-1].Plan == nil {
		run, err := s.run(ctx, env, runs, lines)
		if err != nil {
			return Posted{}, err
		}
		newest = run.ID()
		result, err := run.Send(ctx)
		if err != nil {
			return Posted{}, errors.Join(err, run.Close())
		}
		doubt = result.Counts.InDoubt > 0
		posted = Posted{Finished: result.Finished, Sent: result, Err: errors.Join(problem(result, run.Head().Rows), run.Close())}
	}
	return posted, s.outcomes(env.Store, newest, lines, doubt)
}

// run returns the unfinished run of the session, or a new one.
func (s *Session) run(ctx context.Context, env ledger.Env, runs []journal.Info, lines []Line) (*ledger.Run, error) {
	tenant, err := ledger.Tenant(ctx, env.Reader)
	if err != nil {
		return nil, err
	}
	if n := len(runs); n > 0 && runs[n-1].Plan != nil {
		run, err := ledger.Reopen(env, runs[n-1].ID)
		if err == nil && run.Head().Tenant != tenant {
			return nil, errors.Join(failure.Usagef("the count %s is for another store", s.Head.ID).StartedWith(s.Head.Profile), run.Close())
		}
		return run, err
	}
	known, err := s.applied(ctx, env, runs)
	if err != nil {
		return nil, err
	}
	d, err := ledger.Build(env, stock.Adjust, func(add func(*ledger.Write) error) error { return s.writes(add, lines, known) })
	if err != nil {
		return nil, fmt.Errorf("starting to post the count: %w", err)
	}
	d.File, d.ImportID, d.Tenant, d.Options = "count "+s.Head.ID, s.importID(), tenant, ledger.Options{Named: true}
	run, err := ledger.Begin(ctx, env, d)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting to post the count: %w", err), d.Discard())
	}
	return run, nil
}

// writes adds the movements that correct the stock: one for each line that differs, in
// the same order.
func (s *Session) writes(add func(*ledger.Write) error, lines []Line, known map[string]bool) error {
	var n int64
	for _, l := range lines {
		if l.State != Differs {
			continue
		}
		n++
		w := ledger.Write{
			N: n, Line: int(n), Key: stock.Key{Record: l.Record}, Record: l.Record, Tag: l.tag(), Occurrence: 1,
			Change: api.Adjustment{Qty: *l.Difference, Action: api.ActionAdjusted, Notes: "cycle count " + s.Head.ID},
		}
		if known[w.Tag] {
			w.Decided = &ledger.Outcome{State: journal.Already, Code: failure.CodeKnown, Message: "it was applied before"}
		}
		if err := add(&w); err != nil {
			return err
		}
	}
	return nil
}

// problem returns the most serious failure of a posting.
func problem(r *ledger.Result, rows int64) error {
	refused := r.Counts.Rejected + r.Counts.Conflict + r.Counts.Invalid
	switch {
	case r.Fault != nil:
		return failure.New(failure.Unexpected, "the counts of the movements do not add up: %w", r.Fault)
	case r.Unread != nil:
		return r.Unread
	case len(r.Doubled) > 0:
		return failure.New(failure.OutcomeUnknown, "%s applied twice", failure.Count(len(r.Doubled), "movement was", "movements were")).
			Hint("reverse the second one: %s", r.Doubled[0].Undo)
	case r.Counts.Held > 0:
		return failure.New(failure.OutcomeUnknown, "%d of %d movements are on hold: it is unknown whether they were applied", r.Counts.Held, rows)
	case r.Stopped != nil:
		kind := failure.KindOf(r.Stopped)
		if errors.Is(r.Stopped, context.Canceled) && kind == failure.Unexpected {
			kind = failure.Interrupted
		}
		done := rows - r.Counts.NotAttempted - r.Counts.InDoubt
		return failure.New(kind, "stopped after %d of %s: %w", done, failure.Count(int(rows), "movement", "movements"), r.Stopped)
	case refused > 0:
		return failure.New(failure.Partial, "%d of %s refused", refused, failure.Count(int(rows), "movement was", "movements were"))
	}
	return nil
}
