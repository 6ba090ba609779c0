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

// Env is what transfers work with.
type Env struct {
	Client  *api.Client
	Log     *settle.Log // of the same API
	Store   Store
	Now     func() time.Time
	Sleep   func(context.Context, time.Duration) error // nil: the real one
	MaxWait time.Duration                              // how long a client may wait for a busy API before a write leaves
	Note    func(string)                               // reports why a transfer waits; nil: it is not reported

	// seen is the log as it was when a batch began to be undone; nil: there is none.
	seen *settle.Log

	Profile string // what the plans belong to
	BaseURL string
}

// Work is a transfer that this process alone works on. It is used from one
// goroutine, and closed by the caller.
type Work struct {
	env       Env
	plan      *Plan
	folder    *workdir.Folder[Plan]
	foreign   bool                // the plan was made of the log: another machine may work on it
	confirmed bool                // the log told what an answer did not
	wrote     bool                // a movement was applied by this process, or found to be
	answers   map[Half]api.Record // what the API answered
}

// Result is how a transfer stands.
type Result struct {
	Plan      Plan
	Wrote     bool // false: it stood so before
	Confirmed bool // an answer was lost; the movement was found in the log
	Answers   map[Half]api.Record
}

// Begin writes the plan of a new transfer to the disk and locks it. Reference,
// Profile, BaseURL, Started and Timeout are filled in.
func (e Env) Begin(p Plan) (*Work, error) {
	p.Reference = NewReference()
	return e.begin(p)
}

// begin is Begin under the reference of the plan.
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

// Open goes on with a transfer by its plan on this machine, else by what the
// movement log tells of it.
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
			Hint("add `--profile %s`", p.Profile)
	}
	w, err := e.newWork(p)
	if err != nil {
		return nil, err
	}
	w.foreign = foreign
	return w, w.reread()
}

// find reads the plan of a transfer from this machine, else from the movement log.
func (e Env) find(ctx context.Context, reference string) (p *Plan, foreign bool, err error) {
	own, missing := e.Store.Plan(reference)
	if failure.KindOf(missing) != failure.NotFound {
		return &own, false, missing
	}
	p, err = e.rebuild(ctx, reference)
	switch {
	case err != nil:
		return nil, true, failure.New(failure.OutcomeUnknown, "looking for transfer %s in the movement log: %w", reference, err).
			Hint("see what it holds with `stockctl inventory logs --reference %s --all`", failure.Arg(reference))
	case p == nil:
		return nil, true, missing
	}
	return p, true, nil
}

// reread takes the plan as it is on disk now that it is locked: another process
// may have gone on meanwhile.
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

// Close gives the transfer free for others.
func (w *Work) Close() error { return w.folder.Release() }

// Plan returns how the transfer stands.
func (w *Work) Plan() Plan { return *w.plan }

// Name tells how to call the warehouses and the item, where a plan from the log
// knows ids only.
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

// finish notes that the transfer is done or undone, as the plan says.
func (w *Work) finish() (Result, error) {
	if w.plan.Finished == nil {
		now := w.env.Now()
		w.plan.Finished = &now
		if err := w.save(); err != nil {
			return w.result(), fmt.Errorf("%s, but: %w", w.plan.Standing(), err)
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
