package ledger

import (
	"context"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/pace"
	"github.com/bayworks/stockctl/internal/pace/peers"
)

// pacer sends writes through the same gate as the run's reads and tracks how long no
// request has succeeded. It is safe for concurrent use.
type pacer struct {
	gate    *pace.Gate
	before  time.Duration // time spent waiting for the API before the run
	maxWait time.Duration

	mu   sync.Mutex
	good time.Time // when the API last responded well
}

func newPacer(o Options, gate *pace.Gate, left int64, maxWait time.Duration) *pacer {
	if gate == nil { // the reader does not keep a pace
		gate = pace.NewGate()
	}
	gate.Open(pace.Options{Most: o.Workers(), Seek: o.Concurrency == 0, Rate: o.Rate, Left: left})
	return &pacer{gate: gate, before: gate.Report().Waited, maxWait: maxWait, good: time.Now()}
}

// share shares the pace with the other runs of the same account on this machine, unless the
// user has set it. The caller must call end after the last request.
func (p *pacer) share(ctx context.Context, r *Run, halt context.CancelCauseFunc) (end func()) {
	o := r.options
	if r.env.Account == nil || o.Concurrency > 0 || o.Rate > 0 {
		return func() {}
	}
	account := r.env.Account(ctx)
	if account == "" {
		return func() {}
	}
	leave := peers.Join(p.gate, o.Workers(), r.env.BaseURL, account)
	heeding, stop := context.WithCancel(context.Background())
	go p.heed(heeding, halt)
	return func() {
		stop()
		leave()
	}
}

// heed stops the run if the API asked another one to wait for longer than this run
// tolerates. Its own requests would wait without an answer.
func (p *pacer) heed(ctx context.Context, halt context.CancelCauseFunc) {
	tick := time.NewTicker(time.Second / 4)
	defer tick.Stop()
	for {
		if wait := p.gate.Report().Paused; wait > p.maxWait {
			halt(failure.New(failure.Unavailable, "the API asks to wait for %s, which is longer than --max-wait", wait.Round(time.Second)))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// enter waits until a request may be sent. It fails only if ctx ends first. Each
// successful enter must be followed by leave, went or failed.
func (p *pacer) enter(ctx context.Context) (*pace.Ticket, error) {
	return p.gate.Enter(ctx, pace.Write)
}

// leave cancels a request that was not sent.
func (p *pacer) leave(t *pace.Ticket) { p.gate.Cancel(t) }

// watch returns a context for the request of a ticket, so that the gap to the next
// request counts from when this one really leaves.
func (p *pacer) watch(ctx context.Context, t *pace.Ticket) context.Context {
	return api.OnDeparture(ctx, func() { p.gate.Depart(t) })
}

// went records a good response: the API is up and working.
func (p *pacer) went(t *pace.Ticket) {
	p.mu.Lock()
	p.good = time.Now()
	p.mu.Unlock()
	p.gate.Leave(t, pace.Write, pace.Good, 0)
}

// failed records a bad response and how long the API asked to wait. It returns how long
// no request has succeeded, and whether that is too long.
func (p *pacer) failed(t *pace.Ticket, a pace.Answer, wait time.Duration) (time.Duration, bool) {
	p.gate.Leave(t, pace.Write, a, wait)
	p.mu.Lock()
	defer p.mu.Unlock()
	since := time.Since(p.good)
	return since, since+wait > p.maxWait
}

// report returns what was learnt, and the time spent waiting since the run began.
func (p *pacer) report() pace.Report {
	r := p.gate.Report()
	r.Waited -= p.before
	return r
}
