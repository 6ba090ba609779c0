package importer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/seen"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// Save writes the plan to a file that Adopt can use.
func (p *Plan) Save(ctx context.Context, path string) error {
	d, err := p.draft()
	if err != nil {
		return err
	}
	if err := ledger.SavePlan(ctx, p.env.Env, p.id, d, path); err != nil {
		return fmt.Errorf("saving the plan: %w", err)
	}
	return nil
}

// Applying is where applying a saved plan writes its rejects and its report.
type Applying struct{ Rejects, Report string }

// Adopt makes a plan from a saved plan whose run has not begun on this machine. Rows that
// were applied since it was saved, by an import of the same file or by the same plan on
// another machine, are not applied again. The caller closes the plan or runs it.
func Adopt(ctx context.Context, env Env, saved *ledger.Saved, o Applying) (*Plan, error) {
	p := &Plan{
		env: env, id: saved.Head.ID, ImportID: saved.Head.ImportID, digest: saved.Head.Digest, Rows: saved.Plan.Rows,
		version: 1, LeftOut: map[string]int64{}, wrong: &mistakes{},
	}
	if err := p.adopt(ctx, saved, o); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *Plan) adopt(ctx context.Context, saved *ledger.Saved, o Applying) (err error) {
	if err := p.readTenant(ctx); err != nil {
		return err
	}
	if err := saved.For(p.env.Env, p.Tenant); err != nil {
		return err
	}
	folder, err := p.env.Store.Reserve(p.id)
	if err != nil {
		return err
	}
	if head, err := p.env.Store.Head(p.id); err == nil { // another process has just begun it
		return errors.Join(Applied(head), folder.Release())
	}
	p.folder, p.dir = folder, folder.Dir()
	if p.writes, p.copied, err = saved.Unpack(p.dir); err != nil {
		return err
	}
	var in input
	if err := json.Unmarshal(saved.Head.Input, &in); err != nil {
		return fmt.Errorf("plan %s: %w", p.id, err)
	}
	in.Options.Options, in.Options.Rejects, in.Options.Report, in.Options.Beside = saved.Options, o.Rejects, o.Report, saved.Name
	p.options = in.Options
	p.options.Named = true // the plan may be applied on another machine by mistake
	if err := p.restore(ctx, in); err != nil {
		return err
	}
	if p.options.Mode == stock.Create {
		return nil
	}
	if err := p.claim(); err != nil {
		return err
	}
	if err := p.unfinished(); err != nil {
		return err
	}
	if err := p.appliedSince(ctx, saved.Mark); err != nil {
		return err
	}
	return p.readSaved(ctx)
}

// Applied returns the error for a saved plan whose run has already begun.
func Applied(head journal.Head) error {
	if head.Finished == nil {
		return failure.New(AlreadyImported, "the plan is being applied by run %s, started %s, which is not finished", head.ID, head.Started.Format(time.RFC3339)).
			Hint("continue with `stockctl inventory import resume %s`", head.ID)
	}
	return failure.New(AlreadyImported, "the plan was applied by run %s, finished %s: a plan can be applied only once", head.ID, head.Finished.Format(time.RFC3339)).
		Hint("see `stockctl inventory import status %s`; to send the file once more, import it again", head.ID)
}

// appliedSince finds the rows with tokens in the log since the plan was saved.
func (p *Plan) appliedSince(ctx context.Context, mark settle.Watermark) error {
	p.rowTags = newKeyHashes[string]()
	err := p.writes.Each(func(w *ledger.Write) error {
		if w.Decided == nil {
			p.rowTags.add(w.Tag)
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.rowTags.sort()
	before := p.Known()
	k := &recogniser{plan: p, own: settle.Tag(p.ImportID), ownOnly: true, found: seen.New[string]()}
	if err := k.journals(); err != nil {
		return err
	}
	if err := settle.NewLog(p.env.Reader).After(ctx, mark, k.entry); err != nil {
		return fmt.Errorf("comparing the plan with the movement log: %w", err)
	}
	if err := k.rows(); err != nil {
		return err
	}
	if p.Known() > before && p.Sendable() == 0 {
		return failure.New(AlreadyImported, "all rows of the plan were applied before, by a run that is not on this machine").
			Hint("see `stockctl inventory logs`; to send the file once more, import it again")
	}
	return nil
}

// readSaved reads the current records, and counts the rows whose quantity is already
// right.
func (p *Plan) readSaved(ctx context.Context) error {
	if err := p.nameSendable(); err != nil {
		return err
	}
	if err := p.askRecords(ctx); err != nil || p.options.Mode != stock.Set {
		return err
	}
	return p.writes.Each(func(w *ledger.Write) error {
		if now, err := p.onHand(w); w.Decided == nil && err == nil {
			if _, decided := p.options.Difference(w, now); decided != nil {
				p.right++
			}
		}
		return nil
	})
}
