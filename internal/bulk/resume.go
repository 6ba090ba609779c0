package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/bayworks/stockctl/internal/bulk/journal"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
)

// Reopen takes up a run that was stopped, killed, or left rows held. The file,
// the store and the address of the API must be those it began with.
func Reopen(ctx context.Context, env Env, id string) (*Plan, error) {
	run, replay, err := env.Store.Open(id)
	if err != nil {
		return nil, err
	}
	head := run.Head()
	var o Options
	if err := json.Unmarshal(head.Options, &o); err != nil {
		return nil, errors.Join(fmt.Errorf("run %s: %w", id, err), run.Close())
	}
	p := newPlan(env, o, id)
	p.run, p.replay, p.dir, p.ImportID, p.Rows = run, replay, run.Dir(), head.ImportID, head.Rows
	if err := p.reopen(ctx, head); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *Plan) reopen(ctx context.Context, head journal.Head) error {
	switch {
	case head.Finished != nil:
		return failure.Usagef("run %s is finished: nothing is left to do", head.ID)
	case head.BaseURL != p.env.BaseURL:
		return failure.Usagef("run %s is for %s, not %s", head.ID, head.BaseURL, p.env.BaseURL).
			Hint("it was begun with `--profile %s`", head.Profile)
	}
	if err := p.takeInput(head); err != nil {
		return failure.WithHint(fmt.Errorf("run %s: %w", head.ID, err), "give the run up with `stockctl inventory import forget %s`, and import %s again", head.ID, head.File)
	}
	if err := p.who(ctx); err != nil {
		return err
	}
	if p.Tenant != head.Tenant {
		return failure.Usagef("run %s is for another store", head.ID).Hint("it was begun with `--profile %s`", head.Profile)
	}
	if p.options.Mode != Set {
		return nil
	}
	// Stock may have moved since the plan was made.
	p.products = map[string]bool{}
	err := p.writes.Each(func(w *ledger.Write) error {
		if w.Decided == nil && !p.replay.Done.Has(w.N) {
			p.named(w.Key.Product)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.askRecords(ctx)
}

// takeInput opens the plan and the copy of the input that it was made of.
func (p *Plan) takeInput(head journal.Head) error {
	var in input
	if err := json.Unmarshal(head.Input, &in); err != nil {
		return err
	}
	p.name, p.Verdict, p.found, p.Remarks = in.Name, in.Verdict, in.Header, in.Remarks
	p.writes.Path = filepath.Join(p.dir, ledger.PlanName)
	if err := json.Unmarshal(head.Plan, &p.writes.Sealed); err != nil {
		return err
	}
	if err := p.checkPlan(); err != nil {
		return err
	}
	var err error
	p.copied, err = os.Open(filepath.Join(p.dir, copyName))
	return err
}

// Prune removes the journals of finished runs that nobody looks back to any
// more: those older than the default, than lookback, and than the lookback they
// were begun with.
func Prune(store journal.Store, now time.Time, lookback time.Duration) error {
	return store.Prune(func(head journal.Head) bool {
		var o Options
		if json.Unmarshal(head.Options, &o) != nil {
			return false
		}
		return head.Finished.Before(now.Add(-max(lookback, o.Lookback, DefaultLookback)))
	})
}

// Unfinished lists the runs that can be resumed, oldest first.
func Unfinished(store journal.Store) ([]journal.Info, error) {
	all, err := Runs(store)
	return slices.DeleteFunc(all, func(i journal.Info) bool { return i.Finished != nil }), err
}

// Runs lists the runs, oldest first.
func Runs(store journal.Store) ([]journal.Info, error) {
	ids, err := store.IDs()
	if err != nil {
		return nil, err
	}
	out := make([]journal.Info, 0, len(ids))
	for _, id := range ids {
		info, err := store.Look(id)
		if failure.KindOf(err) == failure.NotFound {
			continue // somebody has just forgotten it
		}
		if err != nil { // one that cannot be read does not hide the others
			head, _ := store.Head(id)
			info = journal.Info{Head: head, Damaged: err}
		}
		out = append(out, info)
	}
	return out, nil
}
