package inventory

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/bayworks/stockctl/cmd/inventory/show"
	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/output"
)

const (
	defaultInterval = 2 * time.Second
	// shortestInterval spares an API that may have an undocumented limit.
	shortestInterval  = time.Second
	defaultMaxFailing = time.Minute
)

// follower yields movements as they appear, until its context ends.
type follower struct {
	log        *api.Following
	match      func(api.Movement) bool
	limit      int // how many existing movements to show; negative: all
	interval   time.Duration
	maxFailing time.Duration // how long polls may keep failing
	now        func() time.Time
	wait       func(context.Context, time.Duration) error
	note       func(format string, args ...any)
}

func runFollow(ctx context.Context, opts *logsOptions, p *output.Printer, since time.Time) error {
	if err := output.CheckLive(p, movementView()); err != nil {
		return err
	}
	client, err := opts.app.API(ctx)
	if err != nil {
		return err
	}
	c, err := opts.app.Config()
	if err != nil {
		return err
	}
	scan, err := newScan(ctx, opts, since, output.Shows(p, movementView(), show.NameFields()...))
	if err != nil {
		return err
	}
	f := &follower{
		log: client.FollowMovements(), limit: opts.limit,
		match:    func(m api.Movement) bool { return scan.match(ctx, m) },
		interval: opts.interval, maxFailing: defaultMaxFailing, now: opts.app.Now, wait: await.Sleep, note: opts.app.Note,
	}
	if most, set := c.MaxWait(); set {
		f.maxFailing = most
	}
	if opts.all {
		f.limit = -1
	}
	return output.Live(p, movementView(), scan.named(ctx, f.movements(ctx)))
}

// movements yields the latest movements, oldest first, and then every new one. It only
// ends with an error, usually the interrupt.
func (f *follower) movements(ctx context.Context) iter.Seq2[api.Movement, error] {
	return func(yield func(api.Movement, error) bool) {
		first := true
		for {
			batch, err := f.poll(ctx, first)
			if err != nil {
				yield(api.Movement{}, err)
				return
			}
			if first && f.limit >= 0 && len(batch) > f.limit {
				batch = batch[len(batch)-f.limit:]
			}
			for _, m := range batch {
				if !yield(m, nil) {
					return
				}
			}
			if first {
				f.note("following the log, checking every %s; press Ctrl-C to stop", f.interval)
			}
			first = false
			if err := f.wait(ctx, f.interval); err != nil {
				yield(api.Movement{}, err)
				return
			}
		}
	}
}

// poll asks for new movements. If it fails, it reports that once and retries for up to
// maxFailing, but the first poll must succeed.
func (f *follower) poll(ctx context.Context, first bool) ([]api.Movement, error) {
	var since time.Time
	for {
		batch, err := f.log.Poll(ctx, f.match)
		if err == nil {
			if !since.IsZero() {
				f.note("the API is responding again: nothing was missed")
			}
			return batch, nil
		}
		var failed *api.Error
		if first || !errors.As(err, &failed) || !failed.Retryable() {
			return nil, err
		}
		if since.IsZero() {
			since = f.now()
			f.note("warning: %s; trying again for %s", err, f.maxFailing)
		}
		if f.now().Sub(since) >= f.maxFailing {
			return nil, err
		}
		if err := f.wait(ctx, f.interval); err != nil {
			return nil, err
		}
	}
}
