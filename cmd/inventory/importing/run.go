package importing

import (
	"context"
	"errors"

	"github.com/bayworks/stockctl/cmd/cli"
	"github.com/bayworks/stockctl/cmd/inventory/mapping"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/output"
	"github.com/bayworks/stockctl/internal/pace"
	"github.com/bayworks/stockctl/internal/stock"
)

// runImport checks the file, shows what it would do, asks for consent, and sends it.
func runImport(ctx context.Context, opts *importOptions) error {
	tuneMemory()
	printer, err := opts.app.Printer()
	if err != nil {
		return err
	}
	if err := output.Check(printer, changeView()); err != nil && (opts.dryRun || opts.savePlan != "") {
		return err
	}
	if err := opts.lookback(); err != nil {
		return err
	}
	env, err := environment(ctx, opts.app, opts.importing.Workers())
	if err != nil {
		return err
	}
	if opts.in != nil {
		env.In = opts.in
	}
	env.Reader.Pace().Open(pace.Options{Rate: opts.importing.Rate})
	unsent := opts.dryRun || opts.savePlan != ""
	if !unsent {
		if err := ledger.Prune(env.Store, opts.app.Now(), opts.importing.Lookback); err != nil {
			return err
		}
	}
	opts.importing.Chosen = func(m stock.Mode) { opts.importing.Mode = m }
	plan, err := mapping.Check(ctx, opts.app, env, &opts.importing)
	if err != nil {
		return opts.reportMistakes(err)
	}
	giveRoom()
	describePlan(opts.app, plan)
	if unsent {
		return errors.Join(showDryRun(ctx, opts, printer, plan), plan.Close())
	}
	if err := confirmImport(ctx, opts.app, plan); err != nil {
		return errors.Join(err, plan.Close())
	}
	return carryOut(ctx, opts.app, printer, plan)
}

// lookback parses --lookback.
func (o *importOptions) lookback() error {
	now := o.app.Now()
	since, err := cli.ParseSince(o.since, now)
	if err != nil {
		return failure.Usagef("--lookback must be a duration such as 12h or 30d, not %q", o.since)
	}
	o.importing.Lookback = now.Sub(since)
	return nil
}
