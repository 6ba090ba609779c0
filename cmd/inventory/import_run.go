package inventory

import (
	"context"
	"errors"
	"time"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/bulk"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/output"
)

// importPatience is how long an API that answers nothing is borne, unless
// --max-wait says otherwise.
const importPatience = 15 * time.Minute

// runImport checks the file, shows what it would do, asks, and does it.
func runImport(ctx context.Context, opts *importOptions) error {
	tuneMemory()
	printer, err := opts.app.Printer()
	if err != nil {
		return err
	}
	if err := output.Check(printer, changeView()); err != nil && opts.dryRun {
		return err
	}
	if err := opts.lookback(); err != nil {
		return err
	}
	env, err := importEnv(ctx, opts.app, opts.bulk.Workers())
	if err != nil {
		return err
	}
	if !opts.dryRun {
		if err := bulk.Prune(env.Store, opts.app.Now(), opts.bulk.Lookback); err != nil {
			return err
		}
	}
	plan, err := bulk.Check(ctx, env, opts.bulk)
	if err != nil {
		return err
	}
	giveRoom()
	describePlan(opts.app, plan, opts.bulk)
	if opts.dryRun {
		return errors.Join(foretell(ctx, opts, printer, plan), plan.Close())
	}
	if err := confirmImport(ctx, opts.app, plan); err != nil {
		return errors.Join(err, plan.Close())
	}
	return carryOut(ctx, opts.app, printer, plan)
}

// lookback turns the text of --lookback into a span.
func (o *importOptions) lookback() error {
	now := o.app.Now()
	since, err := parseSince(o.since, now)
	if err != nil {
		return failure.Usagef("--lookback must be a span such as 12h or 30d, not %q", o.since)
	}
	o.bulk.Lookback = now.Sub(since)
	return nil
}

// importEnv puts together what an import works with.
func importEnv(ctx context.Context, a *app.App, workers int) (bulk.Env, error) {
	c, err := a.Config()
	if err != nil {
		return bulk.Env{}, err
	}
	reader, err := a.API(ctx)
	if err != nil {
		return bulk.Env{}, err
	}
	writer, err := a.Writer(ctx, workers)
	if err != nil {
		return bulk.Env{}, err
	}
	names, err := a.Names(ctx)
	if err != nil {
		return bulk.Env{}, err
	}
	store, err := importStore(a)
	if err != nil {
		return bulk.Env{}, err
	}
	patience := importPatience
	if wait, set := c.MaxWait(); set {
		patience = wait
	}
	return bulk.Env{
		Reader: reader, Writer: writer, Names: names, Store: store, In: a.IO.In, Now: a.Now,
		Profile: c.Profile(), BaseURL: whose(c), MaxWait: patience, Finish: app.Finish,
		Show: newMeter(a).show, Note: func(text string) { a.Note("%s", text) },
	}, nil
}
