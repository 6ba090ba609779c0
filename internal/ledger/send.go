package ledger

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// Send sends the writes of a run. The result accounts for every write, even if the run
// stops early. An error means that the session could not start and nothing was sent.
func (r *Run) Send(ctx context.Context, observers ...Observer) (*Result, error) {
	began := time.Now()
	sending, release := r.finish(ctx)
	defer release()
	s := newSender(ctx, sending, r, observers)
	defer s.halt(context.Canceled)
	defer s.pace.share(ctx, r, s.halt)()
	if err := s.prepareResumed(ctx); err != nil {
		return nil, err
	}
	unread := s.flow()
	if unread != nil {
		s.countUnread(r.plan.Rows)
	}
	out := &Result{Counts: CountsOf(s.stats), Doubled: []Doubled{}, Unread: unread}
	if a := s.adjuster; a != nil {
		doubled, err := a.audit(sending, s.tag, r.options.Named)
		if err != nil {
			out.Remarks = append(out.Remarks, err.Error())
		}
		out.Doubled = append(out.Doubled, doubled...)
		out.Remarks = append(out.Remarks, a.remarks()...)
		out.Drifted = a.drifted.Load()
	}
	out.Seconds = time.Since(began).Seconds()
	out.Pace = s.pace.report()
	out.Ended = max(0, decided(s.stats)-decided(r.before.Stats))
	s.settleAccounts(out)
	if s.stop.Err() != nil && !out.Finished { // a signal after the last row stops nothing
		out.Stopped = context.Cause(s.stop)
	}
	if out.Sent {
		out.Stopped, out.Unread = failure.OnceSent(out.Stopped), failure.OnceSent(out.Unread)
	}
	return out, nil
}

func newSender(ctx, sending context.Context, r *Run, observers []Observer) *sender {
	s := &sender{
		run: r, lanes: newLanes(), pace: newPacer(r.options, r.env.Reader.Pace(), r.Left(), r.env.MaxWait),
		tag: settle.Tag(r.Head().ImportID), observers: observers, stats: r.before.Stats,
	}
	s.exact = slices.ContainsFunc(observers, Observer.Once)
	s.stats[journal.Held] = 0 // held rows are settled again and counted then
	s.send = sending
	s.stop, s.halt = context.WithCancelCause(ctx)
	if r.plan.Mode == stock.Create {
		s.act = &creator{rows: s, settler: settle.New(r.env.Reader), writer: r.env.Writer, policy: r.options.IfExists, sending: sending}
		return s
	}
	s.adjuster = &adjuster{
		rows: s, mode: r.plan.Mode, options: r.options, reader: r.env.Reader, writer: r.env.Writer, onHand: r.onHand, stop: s.stop,
		unsettled: newUnsettled(r.env.Reader, r.mark), resent: r.before.Resent,
	}
	s.act = s.adjuster
	return s
}

// finish returns the context for requests: that of env.Finish, or one that ends with
// ctx.
func (r *Run) finish(ctx context.Context) (context.Context, context.CancelFunc) {
	if r.env.Finish == nil {
		return context.WithCancel(ctx)
	}
	return r.env.Finish(ctx)
}

// prepareResumed prepares a resumed run. A late request may still arrive. That is harmless for
// creates, which are refused because the record exists, but not for the quantity that
// --if-exists=set sends.
func (s *sender) prepareResumed(ctx context.Context) error {
	if !s.run.resumed {
		return nil
	}
	if s.adjuster != nil || s.run.options.IfExists == settle.Set {
		if err := WaitForInFlight(ctx, s.run.env, s.run.Head().Timeout, s.run.before.Open); err != nil {
			return err
		}
	}
	if s.adjuster == nil {
		return nil
	}
	return s.readLog(ctx, s.run.mark)
}

// settleAccounts compares the counts with the journal, which it reads again. A
// difference makes the account unreliable.
func (s *sender) settleAccounts(out *Result) {
	kept, err := s.run.journal.Reread()
	if err == nil {
		out.Sent = kept.Sent || out.Counts.InDoubt > 0
		err = s.stats.Check(s.rows, kept.Stats)
	}
	open := out.Counts.Held + out.Counts.NotAttempted + out.Counts.InDoubt
	out.Finished = open == 0 && err == nil
	if errors.Is(s.fault, err) { // already known
		err = nil
	}
	out.Fault = errors.Join(s.fault, err)
	if out.Finished {
		out.Fault = errors.Join(out.Fault, s.run.Change(func(h *journal.Head) {
			now := s.run.env.Now()
			h.Finished = &now
		}))
	}
}

// flow runs the reader, the workers and the settling goroutine until every row has a
// state. Its error comes from reading the plan.
func (s *sender) flow() error {
	stopShowing := s.showProgress()
	defer stopShowing()
	var workers sync.WaitGroup
	for range s.run.options.Workers() {
		workers.Go(s.work)
	}
	over := make(chan struct{}) // closed when no more rows will come
	var settling sync.WaitGroup
	if s.adjuster != nil {
		settling.Go(func() {
			s.adjuster.unsettled.Run(s.stop, over, settle.Outage{MaxWait: s.run.env.MaxWait, Halt: s.halt})
		})
	}
	err := s.dispatch()
	if err != nil {
		s.halt(err)
	}
	s.lanes.all.Wait()
	close(s.lanes.ready)
	workers.Wait()
	close(over)
	settling.Wait()
	return err
}
