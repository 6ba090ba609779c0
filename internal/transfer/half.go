package transfer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
)

// ensure applies an open half once. If it returns nil, the half was applied. Otherwise
// the plan says whether it is open or may have been applied, and the error is the
// cause.
func (w *Work) ensure(ctx context.Context, h Half) error {
	if w.plan.state(h) == Applied {
		return nil
	}
	again := !w.plan.Halves[h].Sent.IsZero()
	err := w.send(ctx, h)
	if actionRefused(err) && !w.plan.Plain {
		w.plan.Plain = true
		err = w.send(ctx, h)
	}
	if err == nil || w.plan.state(h) == Applied || settle.MeaningOf(err, again) != settle.MeansInDoubt {
		return err
	}
	said := err
	w.plan.set(h, Sent, w.plan.Halves[h].Sent)
	if err := w.settle(ctx, w.env.Client.Timeout()); err != nil {
		return fmt.Errorf("%w; looking for it in the log: %w", said, err)
	}
	if w.plan.state(h) == Applied {
		w.wrote = true
		return nil
	}
	if reason(said) == api.ReasonInvalidAction && !w.plan.Plain {
		w.plan.Plain = true // some APIs fail instead of refusing
		return w.ensure(ctx, h)
	}
	if api.InDoubt(said) {
		return failure.New(failure.Unavailable, "the movement was not applied: %w", api.NotApplied(said))
	}
	return said
}

// send records the intent, sends the half once and records the result.
func (w *Work) send(ctx context.Context, h Half) error {
	before := w.plan.Halves[h]
	w.plan.set(h, Sent, w.env.Now())
	w.plan.Finished = nil
	if err := w.save(); err != nil {
		w.plan.set(h, before.State, before.Sent)
		return err
	}
	response, err := w.env.Client.Adjust(ctx, w.plan.side(h).RecordID, w.plan.change(h))
	switch {
	case err == nil:
		w.wrote = true
		w.answers[h] = response
		w.plan.set(h, Applied, w.plan.Halves[h].Sent)
		return w.save()
	case api.InDoubt(err):
		return err
	}
	w.plan.set(h, before.State, before.Sent)
	return errors.Join(err, w.save())
}

func (w *Work) doubtful() (out []Half) {
	for _, h := range halves() {
		if w.plan.state(h) == Sent {
			out = append(out, h)
		}
	}
	return out
}

// rest waits for a request that may still arrive. It reports waits that are longer than
// our own requests take.
func (w *Work) rest(ctx context.Context, wait time.Duration) error {
	if wait > w.env.Client.Timeout() && w.env.Note != nil {
		w.env.Note(settle.WaitNote(wait, "movement"))
	}
	return w.sleep(ctx, wait)
}

// underWay returns how long requests of another process may still be in flight. A
// process on this machine is gone and sends nothing more: its last request can arrive
// for as long as a request may take from now, and not at all once that and the maximum
// wait for a busy API have passed since it was to be sent. A process on another machine
// may still be running and waiting.
func (w *Work) underWay() time.Duration {
	arrives := settle.MaxInFlight(w.env.Client.Timeout(), w.plan.Timeout)
	now := w.env.Now()
	longest := time.Duration(0)
	for _, h := range w.doubtful() {
		left := min(w.plan.Halves[h].Sent.Add(arrives+w.env.MaxWait).Sub(now), arrives)
		if w.plan.Halves[h].Sent.After(now) { // a clock that was set back proves nothing
			left = arrives
		}
		if w.foreign {
			left = arrives + max(0, w.env.MaxWait-w.age(now))
		}
		longest = max(longest, left)
	}
	return longest
}

// age returns the time since the first movement of a transfer in the log, or 0 if it is
// unknown.
func (w *Work) age(now time.Time) time.Duration {
	server, known := w.env.Client.ServerTime(now)
	if w.plan.LogFrom == nil || !known {
		return 0
	}
	return max(0, server.Sub(*w.plan.LogFrom))
}

func reason(err error) api.Reason {
	var e *api.Error
	if !errors.As(err, &e) {
		return api.ReasonNone
	}
	return e.Reason
}

// actionRefused reports whether a refusal may be about the action: its reason says so,
// or has no known reason. Nothing was applied then.
func actionRefused(err error) bool {
	var e *api.Error
	if !errors.As(err, &e) || e.InDoubt || failure.KindOf(e) != failure.Refused {
		return false
	}
	return e.Reason == api.ReasonInvalidAction || e.Reason == api.ReasonNone
}
