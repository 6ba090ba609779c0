package sending

import (
	"context"
	"errors"
	"fmt"

	"github.com/dustin/go-humanize"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/stock"
	"github.com/bayworks/stockctl/internal/undo"
)

// Undoing is an undo that the user requested.
type Undoing struct {
	App     *app.App
	Env     ledger.Env // its store has the run of the undo
	Options undo.Options
	About   string // what is undone, for display
	DryRun  bool
	Agreed  bool // the user has already consented
}

// Run works out the counter-movements, shows them, asks for consent, sends them, and
// prints the summary, which is nil if nothing was sent.
func (u *Undoing) Run(ctx context.Context) (summary *undo.Summary, err error) {
	printer, err := u.App.Printer()
	if err != nil {
		return nil, err
	}
	plan, err := undo.Prepare(ctx, u.Env, u.Options)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, plan.Close()) }()
	u.describe(plan)
	nothing := plan.Movements == 0 && !plan.Resumed()
	switch {
	case u.DryRun || nothing:
		if u.DryRun {
			u.App.Note("dry run: nothing was sent")
		}
		if printer.Structured() {
			return nil, output.Value(printer, plan.Unsent())
		}
		return nil, nil
	case !u.Agreed:
		if err := u.confirm(ctx, plan); err != nil {
			return nil, err
		}
	}
	summary, err = plan.Send(ctx)
	if summary == nil {
		return nil, err
	}
	u.name(ctx, summary)
	summary.ExitCode = u.App.ExitCode(err)
	return summary, errors.Join(err, Ending(printer, summary, summary.Ending(u.App.Target())))
}

// name names the records of the refused movements for people, where that needs no
// request.
func (u *Undoing) name(ctx context.Context, s *undo.Summary) {
	if len(s.Refused) == 0 {
		return
	}
	names, err := u.App.Names(ctx)
	if err != nil {
		return // the ids are enough
	}
	for i, r := range s.Refused {
		at := r.Key.Address
		if at.Product == "" {
			known, there, err := names.KnownRecord(ctx, r.ID)
			if err != nil || !there {
				continue
			}
			at = stock.Address{Product: known.ProductID, SKU: known.SKUID, Warehouse: known.WarehouseID}
		}
		s.Refused[i].Record = names.Label(ctx, api.Record{ID: r.ID, ProductID: at.Product, SKUID: at.SKU, WarehouseID: at.Warehouse})
	}
}

// Ending prints a summary as lines for a person, or in the format asked for.
func Ending(printer *output.Printer, summary any, lines []output.Line) error {
	if printer.Structured() {
		return output.Value(printer, summary)
	}
	return output.Lines(printer, lines)
}

// describe prints on stderr what would be sent, and what is left.
func (u *Undoing) describe(p *undo.Plan) {
	note := u.App.Note
	if p.Resumed() {
		note("continuing run %s, which undoes %s: %s left", p.ID, p.Source().Name, failure.Count(p.Movements, "movement", "movements"))
		return
	}
	note("%s: %s", p.Source().Name, u.About)
	note("%s to undo: %s units go in, %s go out", failure.Count(p.Movements, "movement", "movements"), humanize.Comma(p.In), humanize.Comma(p.Out))
	for _, part := range []struct {
		n    int64
		what string
	}{
		{p.Already, "undone before"},
		{p.Created, "created records keep their quantity (--empty-created takes it out)"},
		{p.Set, "records that were set by --if-exists set stay as they are"},
		{p.Unclear, "rows were sent with an unknown outcome: they stay as they are"},
	} {
		if part.n > 0 {
			note("%s %s", humanize.Comma(part.n), part.what)
		}
	}
}

// confirm asks on a terminal. Elsewhere, a live key needs --yes.
func (u *Undoing) confirm(ctx context.Context, p *undo.Plan) error {
	a := u.App
	title := fmt.Sprintf("Undo %s with %s to %s?", p.Source().Name, failure.Count(p.Movements, "movement", "movements"), a.Target())
	if yes, err := a.ConfirmMany(ctx, title, "this undo writes", "add --yes"); err != nil || yes {
		return err
	}
	return failure.ErrCancelled
}
