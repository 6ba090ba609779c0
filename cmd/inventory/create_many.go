package inventory

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/bayworks/stockctl/cmd/inventory/sending"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/draft"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// notAttempted is the outcome of the records after the one that ended the run.
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

// createMany checks every record, then sends them all, and prints the outcome of each.
func createMany(ctx context.Context, opts *createOptions, printer *output.Printer, drafts []*draft.Create) error {
	if !opts.policyGiven {
		opts.ifExists = settle.Same
	}
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
		if err := opts.dryRunMany(ctx, drafts, targets); err != nil {
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

// sendAll sends the drafts through the ledger. If something would also end every further
// attempt (Ctrl-C, no sign-in, no permission, no connection), the rest is not attempted.
//
// The run cannot be resumed, so its folder is temporary. A create is applied only once,
// and with --if-exists same the entire file can be sent again.
func sendAll(ctx context.Context, opts *createOptions, drafts []*draft.Create, targets []target) (entries []entry, err error) {
	env, err := sending.Env(ctx, opts.app, ledger.MaxWorkers)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "stockctl-create-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	env.Store = journal.Store{Dir: dir}
	run, err := begin(ctx, env, opts, drafts)
	if err != nil {
		return nil, err
	}
	accounts := &accounts{of: make([]*ledger.Write, len(drafts)), states: make([]journal.State, len(drafts))}
	result, err := run.Send(ctx, accounts)
	if err = errors.Join(err, run.Close()); err != nil {
		return nil, err
	}
	if result.Fault != nil {
		return nil, fmt.Errorf("the outcomes of the records do not add up: %w", result.Fault)
	}
	halt := result.Stopped
	if errors.Is(halt, context.Canceled) {
		halt = failure.New(failure.Interrupted, "interrupted before it was sent")
	}
	naming, done := app.Finish(ctx)
	defer done()
	for i, d := range drafts {
		entries = append(entries, accounts.entry(naming, i, d.Source, targets[i], halt))
	}
	return entries, nil
}

// begin seals the plan of the drafts: one write per draft, in the same order.
func begin(ctx context.Context, env ledger.Env, opts *createOptions, drafts []*draft.Create) (*ledger.Run, error) {
	d, err := ledger.Build(env, stock.Create, func(add func(*ledger.Write) error) error {
		for i, d := range drafts {
			r := d.Request
			err := add(&ledger.Write{
				N: int64(i + 1), Line: i + 1, Create: r, Key: stock.Key{Address: stock.Address{Product: r.ProductID, SKU: r.SKUID, Warehouse: r.WarehouseID}},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	d.File, d.ImportID, d.Options = opts.file, d.ID(), ledger.Options{IfExists: opts.ifExists}
	return ledger.Begin(ctx, env, d)
}

// accounts collects the outcome of each record of a file.
type accounts struct {
	of     []*ledger.Write // nil: not attempted
	states []journal.State
}

// Ended records an outcome.
func (a *accounts) Ended(w *ledger.Write, o ledger.Outcome) error {
	a.of[w.N-1], a.states[w.N-1] = w, o.State
	return nil
}

// NotAttempted leaves a record without an outcome.
func (a *accounts) NotAttempted(*ledger.Write, ledger.Outcome) error { return nil }

// Doubted records a write without an outcome.
func (a *accounts) Doubted(w *ledger.Write) { a.of[w.N-1] = w }

// Once returns false: a second call replaces the first.
func (a *accounts) Once() bool { return false }

// entry returns the outcome of one record. halt is why the run stopped, if it did.
func (a *accounts) entry(ctx context.Context, i int, source string, where target, halt error) entry {
	if a.of[i] == nil || a.of[i].Made == nil {
		return entry{Outcome: notAttempted, Source: source, Error: describe(halt)}
	}
	made := *a.of[i].Made
	if a.states[i] == journal.Rejected { // it was not applied, even if a response was lost
		made.Err = api.NotApplied(made.Err)
	}
	where.name(ctx, made.Record)
	return entry{Outcome: made.Outcome, Source: source, Record: made.Record, Error: describe(where.explain(made.Err))}
}

func describe(err error) *entryError {
	if err == nil {
		return nil
	}
	out := &entryError{Kind: failure.KindOf(err), Message: err.Error(), Hint: failure.HintOf(err)}
	var apiErr *api.Error
	if errors.As(err, &apiErr) {
		out.HTTPStatus = apiErr.Status
	}
	return out
}

// severity orders the kinds of failure from the most serious. The most serious one becomes
// that of the run.
func severity() []failure.Kind {
	return []failure.Kind{
		failure.Unexpected, failure.OutcomeUnknown, failure.Auth, failure.Permission,
		failure.Interrupted, failure.Terminated, failure.Config, failure.Unavailable,
	}
}

// summary prints the result of the run on stderr, and returns its failure: the most
// serious kind among the records, or else Partial.
func summary(opts *createOptions, entries []entry) error {
	const conflict settle.Outcome = "conflict" // it exists and was not accepted
	count := map[settle.Outcome]int{}
	failed := 0
	kind := failure.Partial
	order := severity()
	rank := len(order)
	for _, e := range entries {
		if e.Error == nil {
			count[e.Outcome]++
			continue
		}
		if e.Outcome == settle.Already {
			e.Outcome = conflict
		}
		count[e.Outcome]++
		failed++
		if i := slices.Index(order, e.Error.Kind); i >= 0 && i < rank {
			kind, rank = e.Error.Kind, i
		}
	}
	var parts []string
	for _, one := range []struct {
		outcome settle.Outcome
		what    string
	}{
		{settle.Refused, "refused"},
		{conflict, "in conflict"},
		{settle.Unknown, "outcome unknown"},
		{notAttempted, "not attempted"},
		{settle.Created, "created"},
		{settle.Already, "already there"},
	} {
		if n := count[one.outcome]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, one.what))
		}
	}
	opts.app.Note("%s: %s%s", failure.Count(len(entries), "record", "records"), strings.Join(parts, ", "), opts.profileNote())
	opts.remind()
	if failed == 0 {
		return nil
	}
	return failure.New(kind, "%d of %d records of %s failed", failed, len(entries), opts.file).
		Hint("the output lists the outcome of each; `--if-exists same` accepts existing records that match the request, so that you can run the file again")
}
