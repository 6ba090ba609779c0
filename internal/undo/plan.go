package undo

import (
	"context"
	"errors"
	"fmt"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// AlreadyUndone is the kind of failure for work that was undone before.
const AlreadyUndone failure.Kind = "already_undone" // the run was undone before

// Source is what to undo: an import or a count, with the run that applied it.
type Source struct {
	Name      string        // its name in messages, with its id, such as "run 01KAQ6X0G0V7TQ3M"
	ID        string        // as the user names it
	File      string        // what it was made from; blank: as recorded in the run
	Runs      journal.Store // contains its run
	Run       string        // the id of the run there
	ImportID  string        // the tokens of the undo derive from it; the same for each attempt, so that no movement is sent twice
	Reference string        // the reference of each counter-movement in the log
	Command   string        // the command that undoes it, and continues an interrupted undo
	Whole     bool          // the same work applied everything that the run found already applied
	Lines     bool          // its rows are lines of a file
}

// OfImport returns an import as a source.
func OfImport(runs journal.Store, id string) Source {
	return Source{
		Name: "run " + id, ID: id, Runs: runs, Run: id, ImportID: "undo-" + id, Reference: "undo " + id,
		Command: "stockctl inventory import undo " + id, Lines: true,
	}
}

// Options are the options of an undo.
type Options struct {
	Source       Source
	EmptyCreated bool // remove the initial quantity of created records again
	Sending      ledger.Options
}

// Plan is what to send to undo a run. Nothing has been sent yet.
type Plan struct {
	env     ledger.Env // its store contains the run of the undo
	options Options
	source  Source
	of      journal.Head // the run to undo
	draft   *ledger.Draft
	run     *ledger.Run // set once it has begun
	release func() error

	ID        string
	Movements int64 // number of movements to send
	In, Out   int64 // units that they bring in and take out
	Already   int64 // movements that an earlier undo sent
	Created   int64 // created records that keep their quantity
	Set       int64 // existing records that the import changed by --if-exists set
	Unclear   int64 // rows that may or may not have been applied
}

// Prepare determines what undoes a run. It continues an undo that was interrupted. The
// caller must close the plan.
func Prepare(ctx context.Context, env ledger.Env, o Options) (*Plan, error) {
	p := &Plan{env: env, options: o, source: o.Source}
	if err := p.prepare(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *Plan) prepare(ctx context.Context) (err error) {
	if p.of, err = p.source.Runs.Head(p.source.Run); err != nil {
		return err
	}
	switch name := p.source.Name; {
	case p.of.Undoes != "":
		return failure.Usagef("%s undoes run %s, and cannot be undone itself", name, p.of.Undoes)
	case p.of.BaseURL != p.env.BaseURL:
		return failure.Usagef("%s is for %s, not %s", name, p.of.BaseURL, p.env.BaseURL).StartedWith(p.of.Profile)
	case p.of.Plan == nil:
		return failure.Usagef("%s was started by an older version of stockctl, which kept no plan, and cannot be undone", name)
	}
	tenant, err := ledger.Tenant(ctx, p.env.Reader)
	if err != nil {
		return err
	}
	if tenant != p.of.Tenant {
		return failure.Usagef("%s is for another store", p.source.Name).StartedWith(p.of.Profile)
	}
	release, taken, err := p.env.Store.Claim(p.source.ImportID)
	if err != nil {
		return err
	}
	if !taken {
		return failure.Usagef("another process is undoing %s", p.source.Name)
	}
	p.release = release
	b, err := p.earlier()
	if err != nil || p.run != nil {
		return err
	}
	if err := b.gather(ctx); err != nil {
		return err
	}
	if err := p.build(ctx, b); err != nil {
		return err
	}
	if p.Movements == 0 && p.Already > 0 {
		return failure.New(AlreadyUndone, "%s was undone before: all %d of its movements", p.source.Name, p.Already).
			Hint("see `stockctl inventory logs --reference %s`", failure.Arg(p.source.Reference))
	}
	return nil
}

// earlier reopens an unfinished undo, or collects what finished ones sent.
func (p *Plan) earlier() (*before, error) {
	b := &before{plan: p, known: map[string]bool{}, own: settle.Tag(p.source.ImportID), theirs: settle.Tag(p.of.ImportID), found: map[string]int64{}}
	ids, err := p.env.Store.IDs()
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		head, err := p.env.Store.Head(id)
		if err != nil || head.Undoes != p.source.ID {
			continue
		}
		if head.Finished == nil {
			p.ID = id
			if p.run, err = ledger.Reopen(p.env, id); err != nil {
				return nil, err
			}
			p.Movements = p.run.Left()
			return b, nil
		}
		_, err = p.env.Store.Visit(id, func(i journal.Intent, o journal.Outcome) {
			if o.State == journal.Applied || o.State == journal.Confirmed {
				b.known[i.Token] = true
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

// build writes the plan. Movements that bring stock in come first, so that no record
// falls below its final quantity on the way.
func (p *Plan) build(ctx context.Context, b *before) error {
	var ids *stock.IDs[stock.Key]
	if p.of.Mode == string(stock.Create) && p.options.EmptyCreated {
		var err error
		if ids, err = p.records(ctx); err != nil {
			return err
		}
	}
	d, err := ledger.Build(p.env, stock.Adjust, func(add func(*ledger.Write) error) error {
		n := int64(0)
		for _, in := range []bool{true, false} {
			err := b.writes.Each(func(w *ledger.Write) error {
				qty := -b.applied(w, in)
				if qty == 0 || qty > 0 != in {
					return nil
				}
				n++
				return add(p.counter(b, w, ids, n, qty))
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.draft, p.ID = &d, d.ID()
	return nil
}

// counter returns the movement that reverses one write. ids has the records that a create
// may have made; else nil.
func (p *Plan) counter(b *before, w *ledger.Write, ids *stock.IDs[stock.Key], n, qty int64) *ledger.Write {
	record, several := w.Record, ""
	if ids != nil {
		record, several = ids.Of(w.Key), ids.Several(w.Key)
	}
	reference := p.source.Reference
	c := &ledger.Write{
		N: n, Line: w.Line, Key: w.Key, Record: record, Occurrence: int(w.N),
		Change: api.Adjustment{Qty: qty, Action: api.ActionAdjusted, Reference: reference},
		Tag:    settle.RowTag(record, api.ActionAdjusted, qty, reference, int(w.N)),
	}
	switch {
	case record == "":
		c.Decided = &ledger.Outcome{State: journal.Rejected, Code: failure.CodeUnknownRecord, Message: "the record that was created no longer exists"}
	case several != "":
		c.Decided = &ledger.Outcome{State: journal.Rejected, Code: failure.CodeSeveralRecords, Message: w.Key.String() + " " + several}
	case b.known[settle.Token(b.own, c.Tag)]:
		c.Decided = &ledger.Outcome{State: journal.Already, Code: failure.CodeKnown, Message: "it was undone before"}
		p.Already++
	default:
		p.Movements++
		p.In += max(0, qty)
		p.Out += max(0, -qty)
	}
	return c
}

// records returns the ids of the store's records by product, SKU and warehouse.
func (p *Plan) records(ctx context.Context) (*stock.IDs[stock.Key], error) {
	var ids stock.IDs[stock.Key]
	for r, err := range p.env.Reader.Records().All(ctx) {
		if err != nil {
			return nil, fmt.Errorf("reading the records: %w", err)
		}
		ids.Add(stock.Key{Address: r.Address()}, r.ID)
	}
	return &ids, nil
}

// Resumed reports whether an earlier session began the undo.
func (p *Plan) Resumed() bool { return p.run != nil && p.run.Resumed() }

// Source returns what to undo.
func (p *Plan) Source() Source { return p.source }

// Close closes the plan. If it has not begun, nothing is left behind.
func (p *Plan) Close() error {
	var err error
	if p.run != nil {
		err = p.run.Close()
	} else if p.draft != nil {
		err = p.draft.Discard()
	}
	if p.release != nil {
		err = errors.Join(err, p.release())
	}
	p.run, p.draft, p.release = nil, nil, nil
	return err
}
