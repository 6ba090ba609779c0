package inventory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/settle"
)

// notAttempted is the outcome of the records behind one that ended the run.
const notAttempted settle.Outcome = "notAttempted"

// entry is one record of a file, and its outcome.
type entry struct {
	Outcome settle.Outcome `json:"outcome"`
	Source  string         `json:"source"`
	Record  *api.Record    `json:"record,omitempty"`
	Error   *entryError    `json:"error,omitempty"`
}

// entryError is why a record was not created.
type entryError struct {
	Kind       failure.Kind `json:"kind"`
	Message    string       `json:"message"`
	Hint       string       `json:"hint,omitempty"`
	HTTPStatus int          `json:"httpStatus,omitempty"`
}

// createMany checks every record, then creates one after the other, and prints
// what became of each.
func createMany(ctx context.Context, opts *createOptions, printer *output.Printer, drafts []*draft.Create) error {
	if err := output.Check(printer, entryView()); err != nil {
		return err
	}
	problems := &failure.Problems{Source: opts.file}
	for _, d := range drafts {
		problems.List = append(problems.List, d.Problems()...)
	}
	if err := problems.Err(); err != nil {
		return err
	}
	targets, err := resolveAll(ctx, opts.app, opts.file, drafts)
	if err != nil {
		return err
	}
	defer remarkGuesses(opts.app, targets...)
	if opts.dryRun {
		if err := opts.foretellMany(ctx, drafts, targets); err != nil {
			return err
		}
		requests := make([]api.CreateRecord, len(drafts))
		for i, d := range drafts {
			requests[i] = d.Request
		}
		return showRequests(opts, printer, requests)
	}
	if err := opts.app.Consent(ctx, "Create "+failure.Count(len(drafts), "record", "records")); err != nil {
		return err
	}
	entries, err := sendAll(ctx, opts, drafts, targets)
	if err != nil {
		return err
	}
	if err := output.List(printer, entryView(), output.Items(entries)); err != nil {
		return err
	}
	return summary(opts, entries)
}

// sendAll sends the drafts in order. What ends every further attempt, too
// (Ctrl-C, no sign-in, no permission, no connection), leaves the rest
// not attempted.
func sendAll(ctx context.Context, opts *createOptions, drafts []*draft.Create, targets []target) ([]entry, error) {
	settler, err := opts.app.Settler(ctx)
	if err != nil {
		return nil, err
	}
	writing, done := app.Finish(ctx)
	defer done()
	var entries []entry
	var halt error
	for i, d := range drafts {
		if halt == nil && ctx.Err() != nil {
			halt = failure.New(failure.Interrupted, "interrupted before it was sent")
		}
		if halt != nil {
			entries = append(entries, entry{Outcome: notAttempted, Source: d.Source, Error: describe(halt)})
			continue
		}
		made := settler.Create(writing, d.Request, opts.ifExists)
		err := targets[i].explain(made.Err)
		targets[i].name(writing, made.Record)
		one := entry{Outcome: made.Outcome, Source: d.Source, Record: made.Record, Error: describe(err)}
		if ends(err) {
			halt = err
			if made.Outcome == settle.Refused {
				one.Outcome = notAttempted
			}
		}
		entries = append(entries, one)
	}
	return entries, nil
}

// ends tells whether what failed one record would fail every other.
func ends(err error) bool {
	switch failure.KindOf(err) {
	case failure.Auth, failure.Permission, failure.Unavailable, failure.Config, failure.Interrupted, failure.Terminated:
		return err != nil
	}
	return false
}

func describe(err error) *entryError {
	if err == nil {
		return nil
	}
	out := &entryError{Kind: failure.KindOf(err), Message: err.Error(), Hint: failure.HintOf(err)}
	var answer *api.Error
	if errors.As(err, &answer) {
		out.HTTPStatus = answer.Status
	}
	return out
}

// gravity orders the kinds by which one names the whole run's failure.
func gravity() []failure.Kind {
	return []failure.Kind{
		failure.Unexpected, failure.OutcomeUnknown, failure.Auth, failure.Permission,
		failure.Interrupted, failure.Terminated, failure.Config, failure.Unavailable,
	}
}

// summary says on stderr how the run went, and returns its failure: of the
// gravest kind among the records, else Partial.
func summary(opts *createOptions, entries []entry) error {
	count := map[settle.Outcome]int{}
	failed := 0
	kind := failure.Partial
	order := gravity()
	rank := len(order)
	for _, e := range entries {
		count[e.Outcome]++
		if e.Error == nil {
			continue
		}
		failed++
		if i := slices.Index(order, e.Error.Kind); i >= 0 && i < rank {
			kind, rank = e.Error.Kind, i
		}
	}
	records := "records"
	if len(entries) == 1 {
		records = "record"
	}
	var parts []string
	for _, one := range []struct {
		outcome settle.Outcome
		what    string
	}{
		{settle.Refused, "refused"},
		{settle.Unknown, "outcome unknown"},
		{notAttempted, "not attempted"},
		{settle.Created, "created"},
		{settle.Already, "already there"},
	} {
		if n := count[one.outcome]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, one.what))
		}
	}
	opts.app.Note("%d %s: %s%s", len(entries), records, strings.Join(parts, ", "), opts.place())
	opts.remind()
	if failed == 0 {
		return nil
	}
	return failure.New(kind, "%d of %d records of %s failed", failed, len(entries), opts.file).
		Hint("the answer tells the outcome of each; `--if-exists same` accepts those that stand as asked, so that the file can be run again")
}
