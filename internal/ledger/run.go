package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
)

// Draft is a plan that is ready to be sealed, with what is kept next to it.
type Draft struct {
	Folder   *journal.Folder // of the run; it contains the plan
	File     string          // what the user calls the input
	Digest   string          // of the input
	ImportID string          // the tokens derive from it
	Tenant   string          // the store
	Shard    string
	Undoes   string        // the run that this one undoes
	Lookback time.Duration // how far back the input was compared with the log; its run is kept as long
	Plan     Plan
	Needs    []*os.File      // other files in the folder that a resume needs
	Input    json.RawMessage // passed back to the maker of the plan on a resume
	Options  Options
}

// Run is a sealed plan that only this process works on. It must be used from one
// goroutine. The caller closes it.
type Run struct {
	env     Env
	plan    Plan
	options Options
	mark    settle.Watermark // the end of the movement log before anything was sent
	journal *journal.Run
	before  *journal.Replay // what earlier sessions did
	resumed bool
	onHand  OnHand
}

// OnHand returns the freshly read on hand quantity of a write's record, or why the
// write cannot be sent.
type OnHand func(*Write) (int64, error)

// Begin seals a plan. When it returns, the plan is on disk and recorded in the head of
// the run, and the run can be resumed. Nothing has been sent yet.
func Begin(ctx context.Context, env Env, d Draft) (*Run, error) {
	return begin(ctx, env, d, realDisk())
}

func begin(ctx context.Context, env Env, d Draft, on disk) (*Run, error) {
	r := &Run{env: env, options: d.Options}
	var err error
	if r.mark, err = watermark(ctx, env, d.Plan.Mode); err != nil {
		return nil, err
	}
	if r.plan, err = d.Plan.seal(on, d.Needs...); err != nil {
		return nil, fmt.Errorf("sealing the plan: %w", err)
	}
	head := d.head(env, d.ID())
	if err := fill(&head, r.mark, d.Options, r.plan.Sealed); err != nil {
		return nil, err
	}
	if r.journal, err = d.Folder.Begin(head); err != nil {
		return nil, err
	}
	if r.before, err = r.journal.Reread(); err != nil {
		return nil, errors.Join(err, r.Discard())
	}
	return r, nil
}

// head returns the head of the run that sends the plan.
func (d Draft) head(env Env, id string) journal.Head {
	return journal.Head{
		ID: id, File: d.File, Digest: d.Digest, Mode: string(d.Plan.Mode), ImportID: d.ImportID,
		Profile: env.Profile, BaseURL: env.BaseURL, Tenant: d.Tenant, Shard: d.Shard, Undoes: d.Undoes, Lookback: d.Lookback, Input: d.Input,
		Timeout: env.Writer.Timeout(), Started: env.Now(), Rows: d.Plan.Rows,
	}
}

// fill sets the parts of a head that only the ledger reads.
func fill(head *journal.Head, mark settle.Watermark, options Options, seal Sealed) (err error) {
	for _, part := range []struct {
		into *json.RawMessage
		from any
	}{{&head.Mark, mark}, {&head.Options, options}, {&head.Plan, seal}} {
		if *part.into, err = json.Marshal(part.from); err != nil {
			return err
		}
	}
	return nil
}

// ErrOldRun is the error for a run that an older version started, without a plan. It
// cannot be resumed, only closed with CloseOld.
var ErrOldRun = errors.New("it was started by an older version of stockctl and cannot be resumed")

// Reopen resumes a run that was stopped or killed, or that left rows on hold. The
// address of the API must be the one it started with.
func Reopen(env Env, id string) (*Run, error) {
	kept, replay, err := env.Store.Open(id)
	if err != nil {
		return nil, err
	}
	r := &Run{env: env, journal: kept, before: replay, resumed: true}
	if err := r.reopen(kept.Head()); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Run) reopen(head journal.Head) error {
	if head.BaseURL != r.env.BaseURL {
		return failure.Usagef("run %s is for %s, not %s", head.ID, head.BaseURL, r.env.BaseURL).StartedWith(head.Profile)
	}
	if head.Plan == nil {
		return fmt.Errorf("run %s: %w", head.ID, ErrOldRun)
	}
	for _, part := range []struct {
		from json.RawMessage
		into any
	}{{head.Mark, &r.mark}, {head.Options, &r.options}, {head.Plan, &r.plan.Sealed}} {
		if err := json.Unmarshal(part.from, part.into); err != nil {
			return fmt.Errorf("run %s: %w", head.ID, err)
		}
	}
	r.plan.Path = filepath.Join(r.Dir(), PlanName)
	if err := r.plan.Check(); err != nil {
		return r.env.Store.Unreadable(head.ID, err)
	}
	return nil
}

// ID returns the id of the run.
func (r *Run) ID() string { return r.journal.ID() }

// Dir returns the folder of the run, for files that belong to it.
func (r *Run) Dir() string { return r.journal.Dir() }

// Head returns the head of the run: what it was asked to do.
func (r *Run) Head() journal.Head { return r.journal.Head() }

// Change changes the head. When it returns, the change is on disk.
func (r *Run) Change(change func(*journal.Head)) error { return r.journal.Change(change) }

// Plan returns the plan of the run.
func (r *Run) Plan() Plan { return r.plan }

// Resumed reports whether an earlier session started the run.
func (r *Run) Resumed() bool { return r.resumed }

// Done reports whether an earlier session finished a write.
func (r *Run) Done(w *Write) bool { return r.before.Done.Has(w.N) }

// Left returns how many writes earlier sessions did not finish.
func (r *Run) Left() int64 { return r.plan.Rows - r.before.Done.Len() }

// Use makes the run use newer figures than those in the plan.
func (r *Run) Use(onHand OnHand) { r.onHand = onHand }

// Close releases the run for other processes.
func (r *Run) Close() error { return r.journal.Close() }

// Discard closes and removes a run that has sent nothing.
func (r *Run) Discard() error { return r.journal.Discard() }
