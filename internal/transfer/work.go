package transfer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/workdir"
)

// Env is the environment of transfers.
type Env struct {
	Client  *api.Client
	Log     *settle.Log // of the same API
	Store   Store
	Now     func() time.Time
	Sleep   func(context.Context, time.Duration) error // nil: await.Sleep
	MaxWait time.Duration                              // how long a client may wait for a busy API before a write is sent
	Note    func(string)                               // reports why a transfer waits; may be nil

	// seen is the log as read when the undo of a batch began, or nil.
	seen *settle.Log

	Profile string // the owner of the plans
	BaseURL string
}

// Work is a transfer that only this process works on. It must be used from one
// goroutine. The caller closes it.
type Work struct {
	env       Env
	plan      *Plan
	folder    *workdir.Folder[Plan]
	foreign   bool                // the plan was made from the log: another machine may be working on it
	confirmed bool                // the log settled a lost response
	wrote     bool                // this process applied a movement, or found that it was applied
	answers   map[Half]api.Record // the responses of the API
}

// Result is the state of a transfer.
type Result struct {
	Plan      Plan
	Wrote     bool // false: nothing changed
	Confirmed bool // a response was lost, but the movement is in the log
	Answers   map[Half]api.Record
}

// Begin writes the plan of a new transfer to disk and locks it. It fills in Reference,
// Profile, BaseURL, Started and Timeout.
func (e Env) Begin(p Plan) (*Work, error) {
	p.Reference = NewReference()
	return e.begin(p)
}

// begin is Begin with the reference of the plan.
func (e Env) begin(p Plan) (*Work, error) {
	p.Profile, p.BaseURL, p.Started = e.Profile, e.BaseURL, e.Now()
	p.Timeout, p.Format = e.Client.Timeout(), format
	if at, known := e.Client.ServerTime(p.Started); known {
		p.LogFrom = &at
	}
	w, err := e.newWork(&p)
	if err != nil {
		return nil, err
	}
	if err := w.save(); err != nil {
		return nil, errors.Join(err, w.folder.Discard())
	}
	return w, nil
}

func (e Env) newWork(p *Plan) (*Work, error) {
	folder, err := e.Store.plans().New(p.Reference)
	if err != nil {
		return nil, err
	}
	return &Work{env: e, plan: p, folder: folder, answers: map[Half]api.Record{}}, nil
}

// Open opens a transfer to continue it. It uses the plan on this machine or, if there
// is none, what the movement log shows.
func (e Env) Open(ctx context.Context, reference string) (*Work, error) {
	if !ValidReference(reference) {
		return nil, failure.Usagef("%q is not the reference of a transfer: it looks like tr_k3f7x2m7q4ab", reference)
	}
	p, foreign, err := e.find(ctx, reference)
	if err != nil {
		return nil, err
	}
	if p.BaseURL != e.BaseURL {
		return nil, failure.Usagef("transfer %s belongs to profile %s (%s)", reference, p.Profile, p.BaseURL).
			Hint("add `--profile %s`", failure.Arg(p.Profile))
	}
	w, err := e.newWork(p)
	if err != nil {
		return nil, err
	}
	w.foreign = foreign
	return w, w.reread()
}

// find reads the plan of a transfer from this machine or, if it is not there, from the
// movement log.
func (e Env) find(ctx context.Context, reference string) (p *Plan, foreign bool, err error) {
	own, missing := e.Store.Plan(reference)
	if failure.KindOf(missing) != failure.NotFound {
		return &own, false, missing
	}
	p, err = e.rebuild(ctx, reference)
	switch {
	case err != nil:
		return nil, true, failure.New(failure.OutcomeUnknown, "looking for transfer %s in the movement log: %w", reference, err).
			Hint("see its contents with `stockctl inventory logs --reference %s --all`", failure.Arg(reference))
	case p == nil:
		return nil, true, missing
	}
	return p, true, nil
}

// reread reads the plan again after locking it, because another process may have
// continued the transfer in the meantime.
func (w *Work) reread() error {
	p, err := w.env.Store.Plan(w.plan.Reference)
	switch {
	case err == nil:
		w.plan, w.foreign = &p, false
	case failure.KindOf(err) != failure.NotFound:
		return errors.Join(err, w.Close())
	}
	return nil
}

// Close releases the transfer for other processes.
func (w *Work) Close() error { return w.folder.Release() }

// Plan returns the current plan of the transfer.
func (w *Work) Plan() Plan { return *w.plan }

// Name sets the names of the warehouses and the item, because a plan from the log has
// only ids.
func (w *Work) Name(from, to Side, skuID, called string) {
	w.plan.From, w.plan.To, w.plan.SKUID, w.plan.Called = from, to, skuID, called
}

func (w *Work) save() error {
	if err := w.folder.Save(*w.plan); err != nil {
		return fmt.Errorf("writing the journal of transfer %s: %w", w.plan.Reference, err)
	}
	return nil
}

func (w *Work) result() Result {
	return Result{Plan: *w.plan, Wrote: w.wrote, Confirmed: w.confirmed, Answers: w.answers}
}

// finish marks the transfer as finished if the plan is done or undone.
func (w *Work) finish() (Result, error) {
	if w.plan.Finished == nil {
		now := w.env.Now()
		w.plan.Finished = &now
		if err := w.save(); err != nil {
			return w.result(), fmt.Errorf("%s, but: %w", w.plan.Summary(), err)
		}
	}
	return w.result(), nil
}

func (w *Work) sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	if w.env.Sleep != nil {
		return w.env.Sleep(ctx, d)
	}
	return await.Sleep(ctx, d)
}
