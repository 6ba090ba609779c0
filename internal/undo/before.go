package undo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// before collects what a run applied, according to its journal and the movement log,
// and what earlier undos took back.
type before struct {
	plan   *Plan
	writes ledger.Plan
	replay *journal.Replay
	sent   map[int64]int64 // set mode: the difference of each row that was applied
	set    map[int64]bool  // create mode: rows whose record existed and was changed
	early  journal.Ranges  // rows that an earlier session of the same work applied

	own, theirs string           // the tags of the tokens of the undo and of the run
	known       map[string]bool  // tokens of the undo that were applied
	found       map[string]int64 // tokens of the run in the log, with their quantities
}

// gather reads the journal and the log. It first closes an unfinished run, which must
// not be resumed any more.
func (b *before) gather(ctx context.Context) error {
	p := b.plan
	if err := json.Unmarshal(p.of.Plan, &b.writes.Sealed); err != nil {
		return fmt.Errorf("%s: %w", p.source.Name, err)
	}
	b.writes.Path = filepath.Join(p.source.Runs.Dir, p.of.ID, ledger.PlanName)
	if err := b.writes.Check(); err != nil {
		return fmt.Errorf("%s: %w", p.source.Name, err)
	}
	info, err := p.source.Runs.Inspect(p.of.ID)
	if err != nil {
		return err
	}
	if info.Busy {
		return failure.Usagef("%s is in use by another process", p.source.Name).Hint("stop it first")
	}
	b.sent, b.set = map[int64]int64{}, map[int64]bool{}
	b.replay, err = p.source.Runs.Visit(p.of.ID, func(i journal.Intent, o journal.Outcome) {
		switch o.State {
		case journal.Already:
			if p.source.Whole {
				b.early.Add(o.Row)
			}
		case journal.Applied, journal.Confirmed:
			if p.of.Mode == string(stock.Set) && i.Row != 0 {
				b.sent[i.Row] = i.Qty
			}
			if o.Code == failure.CodeSet {
				b.set[i.Row] = true
			}
		}
	})
	if err != nil {
		return err
	}
	if err := ledger.WaitForInFlight(ctx, p.env, p.of.Timeout, b.replay.Open); err != nil {
		return err
	}
	return b.readLog(ctx)
}

// readLog reads the log from the beginning of the run.
func (b *before) readLog(ctx context.Context) error {
	err := settle.NewLog(b.plan.env.Reader).Since(ctx, b.plan.of.Started, func(entry api.Movement) bool {
		token := settle.TokenOf(entry)
		switch tag, _, ok := settle.SplitToken(token); {
		case !ok:
		case tag == b.own:
			b.known[token] = true
		case tag == b.theirs:
			b.found[token] = entry.QtyChange
		}
		return true
	})
	if err != nil {
		return fmt.Errorf("the movement log must be read before the run can be undone: %w", err)
	}
	return nil
}

// applied returns by how much a write changed the stock of its record. If count is set,
// it also counts what cannot be reversed.
func (b *before) applied(w *ledger.Write, count bool) int64 {
	switch stock.Mode(b.plan.of.Mode) {
	case stock.Create:
		return b.created(w, count)
	case stock.Set:
		if b.replay.Applied.Has(w.N) {
			if qty, known := b.sent[w.N]; known {
				return qty
			}
		}
	case stock.Adjust:
		if b.replay.Applied.Has(w.N) || b.early.Has(w.N) {
			return w.Change.Qty
		}
	}
	if b.replay.Done.Has(w.N) && !b.replay.Applied.Has(w.N) {
		return 0
	}
	// The journal has no outcome for it, so the log decides.
	qty, found := b.found[settle.Token(b.theirs, w.Tag)]
	if sent, open := b.replay.Open[w.N]; !found && open && count && sent.Row == w.N {
		b.plan.Unclear++
	}
	return qty
}

func (b *before) created(w *ledger.Write, count bool) int64 {
	_, open := b.replay.Open[w.N]
	applied := b.replay.Applied.Has(w.N)
	switch {
	case applied && b.set[w.N] && count:
		b.plan.Set++
	case open && count:
		b.plan.Unclear++
	case !applied || b.set[w.N] || w.Create.InitialQty == nil:
	case b.plan.options.EmptyCreated:
		return *w.Create.InitialQty
	case count:
		b.plan.Created++
	}
	return 0
}

// close closes a run that was stopped or killed: it is undone, not resumed.
func (b *before) close() (err error) {
	p := b.plan
	if p.of.Finished != nil {
		return nil
	}
	kept, _, err := p.source.Runs.Open(p.of.ID)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	return kept.Change(func(h *journal.Head) {
		now := p.env.Now()
		h.Finished = &now
	})
}
