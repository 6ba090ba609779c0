package transfer

import (
	"context"
	"errors"

	"github.com/bayworks/stockctl/internal/failure"
)

// Run carries out a transfer that has begun.
func (w *Work) Run(ctx context.Context) (Result, error) { return w.forward(ctx) }

// Resume completes a transfer or, if an undo has begun, the undo. If the transfer is
// done or undone, it sends nothing.
func (w *Work) Resume(ctx context.Context) (Result, error) { return w.resume(ctx, false) }

// resume implements Resume. It refuses a transfer that has ended without moving
// anything unless again is set. In that case its movement is not in the log and may be
// sent.
func (w *Work) resume(ctx context.Context, again bool) (Result, error) {
	if ended, err := w.ended(ctx); ended || err != nil {
		return w.result(), err
	}
	if err := w.learn(ctx); err != nil {
		return w.result(), err
	}
	switch {
	case w.plan.Undoing:
		return w.back(ctx)
	case w.plan.Finished != nil && w.plan.state(Out) != Applied && !again:
		return w.result(), failure.New(failure.Refused, "transfer %s moved nothing and has ended", w.plan.Reference).
			Hint("start a new one with `stockctl inventory transfer`")
	}
	return w.forward(ctx)
}

// ended reports whether a transfer is done or undone and needs nothing more. Another
// machine may have undone it since this one finished. If the log cannot be read, the
// state known here counts.
func (w *Work) ended(ctx context.Context) (bool, error) {
	if w.plan.Finished == nil || !w.plan.Done() && !w.plan.Undone() {
		return false, nil
	}
	var bad *logError
	if err := w.settle(ctx, 0); errors.As(err, &bad) {
		return false, w.unsure(err)
	}
	return w.plan.Done() || w.plan.Undone(), nil
}

// Undo reverses a transfer. If it is already undone, Undo sends nothing.
func (w *Work) Undo(ctx context.Context) (Result, error) {
	if ended, err := w.ended(ctx); err != nil || ended && w.plan.Undone() {
		return w.result(), err
	}
	for _, h := range []Half{BackIn, BackOut} {
		if w.foreign && w.plan.state(h) == Open {
			w.plan.set(h, Sent, w.env.Now())
		}
	}
	if err := w.learn(ctx); err != nil {
		return w.result(), err
	}
	return w.back(ctx)
}

// learn reads the log before anything is sent, because another machine may have
// continued the transfer, and the last request of this one may have arrived.
func (w *Work) learn(ctx context.Context) error {
	if err := w.settle(ctx, w.underWay()); err != nil {
		return w.unsure(err)
	}
	w.plan.Undoing = w.plan.Undoing || w.plan.state(BackIn) == Applied || w.plan.state(BackOut) == Applied
	return nil
}

func (w *Work) unsure(err error) error {
	var bad *logError
	if errors.As(err, &bad) && bad.twice != "" {
		return failure.New(failure.OutcomeUnknown, "%s; nothing was sent: %w", w.plan.Summary(), err).
			Hint("reverse the second one: `stockctl inventory adjust %s --qty=%d --action adjusted --notes %s`; after that nothing is left to do here",
				failure.Arg(w.plan.side(bad.twice).RecordID), -w.plan.change(bad.twice).Qty, failure.Arg(w.plan.Reference+" came twice"))
	}
	return failure.New(failure.OutcomeUnknown, "%s; nothing was sent: %w", w.plan.Summary(), err).
		Hint("%s", w.lookHint())
}

func (w *Work) forward(ctx context.Context) (Result, error) {
	if err := w.ensure(ctx, Out); err != nil {
		return w.result(), w.stopped(err)
	}
	if err := w.ensure(ctx, In); err != nil {
		return w.result(), w.stopped(err)
	}
	return w.finish()
}

// back reverses In before Out, so that the stock to put back is there.
func (w *Work) back(ctx context.Context) (Result, error) {
	w.plan.Undoing = w.plan.state(Out) == Applied || w.plan.state(In) == Applied
	for _, pair := range [][2]Half{{In, BackIn}, {Out, BackOut}} {
		if w.plan.state(pair[0]) != Applied {
			continue
		}
		if err := w.ensure(ctx, pair[1]); err != nil {
			return w.result(), w.stopped(err)
		}
	}
	return w.finish()
}

// stopped returns the error for a transfer that cannot continue: exit code 9 if its
// state is unknown, 10 if only one half is applied, and otherwise that of the cause,
// because nothing was changed.
func (w *Work) stopped(cause error) error {
	p := w.plan
	doubt := len(w.doubtful()) > 0
	switch {
	case doubt:
		return failure.New(failure.OutcomeUnknown, "%s: %w", p.Summary(), cause).Hint("%s", w.lookHint())
	case p.halfway() && p.Undoing && (p.state(BackIn) == Applied || p.state(BackOut) == Applied):
		return failure.New(failure.Partial, "%s: %w", p.Summary(), cause).
			Hint("`stockctl inventory transfer undo %s` completes it", p.Reference)
	case p.halfway():
		w.plan.Undoing = false
		if err := w.save(); err != nil {
			return failure.New(failure.Partial, "%s: %w; %w", p.Summary(), cause, err)
		}
		return failure.New(failure.Partial, "%s: %w", p.Summary(), cause).
			Hint("`stockctl inventory transfer resume %s` completes it, `stockctl inventory transfer undo %s` reverses it", p.Reference, p.Reference)
	}
	return w.unmoved(cause)
}

// unmoved ends a step that changed nothing: the transfer never started to move, or it
// is complete and could not be undone.
func (w *Work) unmoved(cause error) error {
	p := w.plan
	p.Undoing = false
	kind := failure.KindOf(cause)
	if p.state(Out) == Open && p.Halves[Out].Sent.IsZero() {
		if err := w.folder.Discard(); err != nil {
			return failure.New(kind, "%s: %w; %w", p.Summary(), cause, err)
		}
		return failure.New(kind, "%s: %w", p.Summary(), cause)
	}
	if _, err := w.finish(); err != nil {
		return failure.New(kind, "%w; %w", cause, err)
	}
	out := failure.New(kind, "%s: %w", p.Summary(), cause)
	if p.state(Out) == Open && kind == failure.Unavailable {
		return out.Hint("the movement log does not contain it: it is safe to run the command again")
	}
	return out
}

func (w *Work) lookHint() string {
	verb := "resume"
	if w.plan.Undoing {
		verb = "undo"
	}
	return "see `stockctl inventory logs --reference " + w.plan.Reference + "`; `stockctl inventory transfer " + verb + " " +
		w.plan.Reference + "` looks there before it sends anything"
}
