package transferring

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bayworks/stockctl/cmd/inventory/unfinished"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/lookup"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/transfer"
)

// defaultMaxWait is the client's default for --max-wait.
const defaultMaxWait = time.Minute

// runTransfer checks both ends, shows what it would do, asks for consent, and makes the
// transfer.
func runTransfer(ctx context.Context, opts *transferOptions) (err error) {
	printer, err := app.PrinterFor(opts.app, transferredView())
	if err != nil {
		return err
	}
	env, err := transferEnv(ctx, opts.app)
	if err != nil {
		return err
	}
	names, err := opts.app.Names(ctx)
	if err != nil {
		return err
	}
	r := &route{transferOptions: opts, names: names}
	if err := r.complete(ctx); err != nil {
		return err
	}
	plan, before := r.plan, r.before
	if opts.dryRun {
		return showDryRun(opts.app, printer, plan, before)
	}
	if err := env.Store.Prune(opts.app.Now()); err != nil {
		return err
	}
	work, err := env.Begin(plan)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, work.Close()) }()
	writing, done := app.Finish(ctx)
	defer done()
	result, err := work.Run(writing)
	if err != nil {
		return err
	}
	return showTransferred(ctx, opts.app, printer, result, before)
}

// transferEnv returns the dependencies of a transfer.
func transferEnv(ctx context.Context, a *app.App) (transfer.Env, error) {
	c, err := a.Config()
	if err != nil {
		return transfer.Env{}, err
	}
	client, err := a.API(ctx)
	if err != nil {
		return transfer.Env{}, err
	}
	kept, err := store(a)
	if err != nil {
		return transfer.Env{}, err
	}
	wait, set := c.MaxWait()
	if !set {
		wait = defaultMaxWait
	}
	return transfer.Env{
		Client: client, Log: settle.NewLog(client), Store: kept,
		Now: a.Now, MaxWait: wait, Note: func(text string) { a.Note("%s", text) }, Profile: c.Profile(), BaseURL: unfinished.Owner(c),
	}, nil
}

// runTransferResume completes a transfer, or the moves of a file.
func runTransferResume(ctx context.Context, opts *transferEndOptions) error {
	if err := opts.choose(ctx); err != nil {
		return err
	}
	if transfer.IsBatchID(opts.reference) {
		return openBatch(ctx, opts.app, opts.reference, false)
	}
	return opts.run(ctx, false)
}

// runTransferUndo undoes a transfer, or the moves of a file.
func runTransferUndo(ctx context.Context, opts *transferEndOptions) error {
	if transfer.IsBatchID(opts.reference) {
		return openBatch(ctx, opts.app, opts.reference, true)
	}
	return opts.run(ctx, true)
}

func (o *transferEndOptions) run(ctx context.Context, undo bool) (err error) {
	printer, err := app.PrinterFor(o.app, transferredView())
	if err != nil {
		return err
	}
	env, err := transferEnv(ctx, o.app)
	if err != nil {
		return err
	}
	work, err := env.Open(ctx, o.reference)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, work.Close()) }()
	before := o.name(ctx, env, work)
	step, confirm := work.Resume, o.consent
	if undo {
		step, confirm = work.Undo, o.confirm
	}
	if err := confirm(ctx, work.Plan()); err != nil {
		return err
	}
	writing, done := app.Finish(ctx)
	defer done()
	result, err := step(writing)
	if err != nil {
		return err
	}
	return showTransferred(ctx, o.app, printer, result, before)
}

// choose finds the only unfinished transfer, or file of transfers, if none was named.
func (o *transferEndOptions) choose(ctx context.Context) error {
	if o.reference != "" {
		return nil
	}
	open, err := openWork(o.app)
	if err != nil {
		return err
	}
	if len(open) == 0 {
		return failure.Usagef("there is no unfinished transfer on this machine").
			Hint("name one by its reference: see `stockctl inventory logs --action transferred_out`")
	}
	var names, states []string
	for _, one := range open {
		names, states = append(names, one.name), append(states, one.status)
	}
	o.reference, err = unfinished.Only(ctx, o.app, "transfer", names, states)
	return err
}

// name fills in the records and warehouses of a transfer for messages. What cannot be
// read stays as it is in the plan.
func (o *transferEndOptions) name(ctx context.Context, env transfer.Env, work *transfer.Work) [2]api.Record {
	p := work.Plan()
	records := recordsOf(ctx, env.Client, p)
	names, err := o.app.Names(ctx)
	if err != nil {
		return records
	}
	from, to := p.From, p.To
	for i, side := range []*transfer.Side{&from, &to} {
		if records[i].WarehouseID == "" {
			continue
		}
		side.WarehouseID = records[i].WarehouseID
		if w, err := names.WarehouseOrID(ctx, side.WarehouseID); err == nil {
			side.Label = lookup.Label(w)
		}
	}
	called := ""
	if p.ProductID != "" {
		called = names.AddressOf(ctx, p.ProductID, records[0].SKUID, "")
	}
	work.Name(from, to, records[0].SKUID, called)
	return records
}

func (o *transferEndOptions) confirm(ctx context.Context, p transfer.Plan) error {
	return confirmStep(ctx, o.app, fmt.Sprintf("Undo transfer %s and move %d of %s from %s back to %s", p.Reference, p.Qty, p.Item(), p.To.Label, p.From.Label))
}

// consent asks before a resume if the profile requires it.
func (o *transferEndOptions) consent(ctx context.Context, p transfer.Plan) error {
	return o.app.Consent(ctx, output.Clean("Resume transfer "+p.Reference))
}

// confirmStep asks on a terminal unless --yes is given. Elsewhere, the profile may
// require --yes.
func confirmStep(ctx context.Context, a *app.App, title string) error {
	ask, err := a.CanAsk()
	if err != nil {
		return err
	}
	if !ask {
		return a.Consent(ctx, title)
	}
	yes, asked, err := a.Confirm(ctx, output.Clean(title)+"?")
	if err == nil && asked && !yes {
		return failure.New(failure.Interrupted, "cancelled: nothing was moved")
	}
	return err
}
