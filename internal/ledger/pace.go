package ledger

import (
	"context"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/pace"
)

// pacer lets writes leave through the gate that the reads of the run go through,
// too, and knows how long nothing has gone well. It is safe for concurrent use.
type pacer struct {
	gate    *pace.Gate
	before  time.Duration // what was waited for the API before the run
	maxWait time.Duration

	mu   sync.Mutex
	good time.Time // the last answer that was not trouble
}

func newPacer(o Options, gate *pace.Gate, maxWait time.Duration) *pacer {
	if gate == nil { // the reader keeps no pace
		gate = pace.NewGate()
	}
	gate.Open(pace.Options{Most: o.Workers(), Seek: o.Concurrency == 0, Rate: o.Rate})
	return &pacer{gate: gate, before: gate.Report().Waited, maxWait: maxWait, good: time.Now()}
}

// enter waits until a request may leave. It fails only when ctx ends first. Each
// one that entered ends in leave, went or failed.
func (p *pacer) enter(ctx context.Context) (*pace.Ticket, error) {
	return p.gate.Enter(ctx, pace.Write)
}

// leave takes a request back that was not sent.
func (p *pacer) leave(t *pace.Ticket) { p.gate.Cancel(t) }

// watch returns a context for the request of a ticket, which is spaced from the
// next one by when it really leaves.
func (p *pacer) watch(ctx context.Context, t *pace.Ticket) context.Context {
	return api.OnDeparture(ctx, func() { p.gate.Depart(t) })
}

// went takes a good answer: the API is there and does its work.
func (p *pacer) went(t *pace.Ticket) {
	p.mu.Lock()
	p.good = time.Now()
	p.mu.Unlock()
	p.gate.Leave(t, pace.Write, pace.Good, 0)
}

// failed takes an answer that was trouble, and how long the API asked to wait. It
// returns how long nothing has gone well, and whether that is too long.
func (p *pacer) failed(t *pace.Ticket, a pace.Answer, wait time.Duration) (time.Duration, bool) {
	p.gate.Leave(t, pace.Write, a, wait)
	p.mu.Lock()
	defer p.mu.Unlock()
	since := time.Since(p.good)
	return since, since+wait > p.maxWait
}

// report is what was learnt, and what was waited since the run began.
func (p *pacer) report() pace.Report {
	r := p.gate.Report()
	r.Waited -= p.before
	return r
}
