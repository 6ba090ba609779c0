package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/bulk/journal"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/intake"
	"github.com/bayworks/stockctl/internal/settle"
)

// Run sends the rows of a plan. The summary accounts for every row whatever
// happens; the error is the run's failure, of the kind that decides the exit
// code. Afterwards the plan is closed.
func (p *Plan) Run(ctx context.Context) (_ *Summary, err error) {
	defer func() { err = errors.Join(err, p.Close()) }()
	began := time.Now()
	p.tags = nil // all that had to be looked for was
	e, err := p.start(ctx)
	if err != nil {
		return nil, err
	}
	sending, release := p.finish(ctx)
	defer release()
	e.send = sending
	e.stop, e.halt = context.WithCancelCause(ctx)
	defer e.halt(context.Canceled)
	unread := e.flow()
	if unread != nil {
		e.unread(p.Rows)
	}
	s := &Summary{
		Run: p.id, File: p.name, Mode: p.options.Mode, Shard: p.options.Shard.String(), Rows: p.Rows,
		Counts: CountsOf(e.stats), Drifted: e.drifted, Doubled: []Doubled{}, Remarks: p.Remarks,
	}
	if e.doubts != nil {
		doubled, err := e.doubts.audit(sending)
		if err != nil {
			s.Remarks = append(s.Remarks, err.Error())
		}
		s.Doubled = append(s.Doubled, doubled...)
		s.Remarks = append(s.Remarks, e.doubts.remarks()...)
	}
	s.Seconds = time.Since(began).Seconds()
	s.ended = max(0, decided(e.stats)-decided(e.before.Stats))
	fault := errors.Join(e.fault, e.settleAccounts(s))
	if unread != nil && fault == nil {
		return s, failure.WithHint(unread, "what was sent is settled with `stockctl inventory import resume %s`", s.Run)
	}
	return s, s.problem(e.stop, fault)
}

// decided is how many rows have come to an end.
func decided(s journal.Stats) int64 { return s.Sum() - s[journal.NotAttempted] - s[journal.InDoubt] }

// finish is env.Finish, or requests that end with ctx.
func (p *Plan) finish(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.env.Finish == nil {
		return context.WithCancel(ctx)
	}
	return p.env.Finish(ctx)
}

// start opens the run's folder and files, and notes where the log stands.
func (p *Plan) start(ctx context.Context) (*engine, error) {
	e := &engine{plan: p, tag: settle.Tag(p.ImportID), lanes: newLanes(), pace: newPacer(p.options, p.env.MaxWait), settler: settle.New(p.env.Reader), before: p.replay}
	var mark settle.Mark
	var err error
	resumed := p.run != nil
	if resumed {
		err = json.Unmarshal(p.run.Head().Mark, &mark)
	} else {
		mark, err = p.begin(ctx)
	}
	if err == nil {
		err = p.checkPlan()
	}
	if err != nil {
		return nil, err
	}
	e.run = p.run
	if e.before == nil {
		if e.before, err = e.run.Reread(); err != nil {
			return nil, err
		}
	}
	e.stats = e.before.Stats
	e.stats[journal.Held] = 0 // held rows are settled again, and counted when they are
	e.act = creator{e}
	if p.options.Mode != Create {
		m := mover{e}
		e.doubts = newDoubts(m, mark)
		e.act = m
	}
	if resumed {
		if err := e.takeUp(ctx, mark); err != nil {
			return nil, err
		}
	}
	e.files, err = openFiles(p, p.dir, resumed)
	if err == nil {
		// Named at once: a run that is killed must not forget what it wrote.
		err = p.run.Change(func(h *journal.Head) {
			h.Rejects, h.Holds = withName(h.Rejects, e.files.refused.file.Name()), withName(h.Holds, e.files.held.file.Name())
		})
	}
	if err != nil && !resumed { // a run that sent nothing is not one to resume
		err = errors.Join(err, p.run.Discard())
		p.run = nil
	}
	return e, err
}

// takeUp readies what an earlier session left. A create that arrives late is
// refused, since the record stands, but the quantity that --if-exists sets is not.
func (e *engine) takeUp(ctx context.Context, mark settle.Mark) error {
	if e.doubts != nil || e.plan.options.IfExists == settle.Set {
		if err := e.letArrive(ctx); err != nil {
			return err
		}
	}
	if e.doubts != nil {
		if err := e.readLog(ctx, mark); err != nil {
			return err
		}
	}
	return e.run.Change(dropEmpty)
}

// begin makes the run's folder: from here on the run can be resumed.
func (p *Plan) begin(ctx context.Context) (settle.Mark, error) {
	var mark settle.Mark
	if p.options.Mode != Create {
		var err error
		if mark, err = settle.New(p.env.Reader).Mark(ctx); err != nil {
			return mark, fmt.Errorf("reading the movement log, without which a lost answer could not be settled: %w", err)
		}
	}
	head := journal.Head{
		ID: p.id, File: p.options.File, Digest: p.digest, Mode: string(p.options.Mode), ImportID: p.ImportID,
		Profile: p.env.Profile, BaseURL: p.env.BaseURL, Tenant: p.Tenant, Shard: p.options.Shard.String(),
		Timeout: p.env.Writer.Timeout(), Started: p.env.Now(), Rows: p.Rows,
	}
	var err error
	if head.Mark, err = json.Marshal(mark); err != nil {
		return mark, err
	}
	if head.Options, err = json.Marshal(p.options); err != nil {
		return mark, err
	}
	if head.Input, err = json.Marshal(input{p.name, p.Verdict, p.found, p.Remarks}); err != nil {
		return mark, err
	}
	if p.unkept != nil {
		return mark, fmt.Errorf("the run cannot be kept: %w", p.unkept)
	}
	if p.writes, err = p.writes.Seal(p.copied); err != nil {
		return mark, fmt.Errorf("sealing the plan: %w", err)
	}
	if head.Plan, err = json.Marshal(p.writes.Sealed); err != nil {
		return mark, err
	}
	p.run, err = p.env.Store.Create(head)
	return mark, err
}

// input is what is kept of how the input was read.
type input struct {
	Name    string         `json:"name"`
	Verdict intake.Verdict `json:"verdict"`
	Header  []string       `json:"header"`
	Remarks []string       `json:"remarks,omitempty"`
}

// settleAccounts ends the files and holds the counts against the journal. What
// it returns makes the account unreliable.
func (e *engine) settleAccounts(s *Summary) error {
	p := e.plan
	kept, err := e.run.Reread()
	if err == nil {
		err = e.stats.Check(e.rows, kept.Stats)
	}
	open := s.Counts.Held + s.Counts.NotAttempted + s.Counts.InDoubt
	s.Finished = open == 0 && err == nil
	if errors.Is(e.fault, err) { // it is known
		err = nil
	}
	s.Rejects, s.Held = e.files.refused.name(), e.files.held.name()
	err = errors.Join(err, e.files.close())
	change := e.run.Change(func(h *journal.Head) {
		dropEmpty(h)
		if s.Finished {
			now := p.env.Now()
			h.Finished = &now
		}
	})
	head := e.run.Head()
	s.AllRejects, s.AllHeld = head.Rejects, head.Holds
	if s.Rejects == "" && len(s.AllRejects) > 0 {
		s.Rejects = s.AllRejects[len(s.AllRejects)-1]
	}
	s.Report = p.options.Report
	err = errors.Join(err, change)
	if s.Finished { // it is customers' data, and nothing needs it any more
		err = errors.Join(err, p.copied.Close(), os.Remove(p.copied.Name()))
		p.copied = nil
	}
	return err
}

// flow runs the reader, the workers and the sweeper until every row has a
// state. Its error is one of reading the plan.
func (e *engine) flow() error {
	hush := e.telling()
	defer hush()
	var workers sync.WaitGroup
	for range e.plan.options.Workers() {
		workers.Go(e.work)
	}
	if e.doubts != nil {
		go e.doubts.run()
	}
	err := e.dispatch()
	if err != nil {
		e.halt(err)
	}
	e.lanes.all.Wait()
	close(e.lanes.ready)
	workers.Wait()
	if e.doubts != nil {
		close(e.doubts.over)
		<-e.doubts.gone
	}
	return err
}
