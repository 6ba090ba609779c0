package peers

import (
	"context"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/pace"
)

// follower asks the leader at the other end of a link. It is a pace.Leader.
type follower struct {
	*link
	lost chan struct{} // closed when the leader is lost

	mu      sync.Mutex
	newest  uint64
	waiting map[uint64]chan struct{} // closed when the request may leave
	report  pace.Report
	at      time.Time // when it was received
}

// follow makes a gate follow the leader until that is lost or ctx ends. options are those
// of this run, and following is called when it follows.
func follow(ctx context.Context, l *link, gate *pace.Gate, options pace.Options, following func()) {
	f := &follower{link: l, lost: make(chan struct{}), waiting: map[uint64]chan struct{}{}}
	defer l.close()
	defer context.AfterFunc(ctx, l.close)()
	l.send(message{Op: hello, Options: options})
	m, err := l.receive()
	if err != nil || m.Op != alive {
		return
	}
	f.receive(m)
	gate.Follow(f)
	following()
	var beating sync.WaitGroup
	beating.Go(func() { l.beat(f.lost, func() message { return message{Op: alive} }) })
	for {
		if m, err = l.receive(); err != nil {
			break
		}
		f.receive(m)
	}
	gate.Unfollow() // before requests that waited at the leader wait at the gate
	close(f.lost)
	beating.Wait()
}

func (f *follower) receive(m message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch m.Op {
	case alive:
		f.report, f.at = m.Report, time.Now()
	case admit:
		if w := f.waiting[m.ID]; w != nil {
			close(w)
			delete(f.waiting, m.ID)
		}
	}
}

// Enter asks the leader for a request and waits until it may leave.
func (f *follower) Enter(ctx context.Context, kind pace.Kind) (uint64, error) {
	admitted := make(chan struct{})
	f.mu.Lock()
	f.newest++
	id := f.newest
	f.waiting[id] = admitted
	f.mu.Unlock()
	f.send(message{Op: enter, ID: id, Kind: kind})
	select {
	case <-admitted:
		return id, nil
	case <-f.lost:
		return 0, pace.ErrLost
	case <-ctx.Done():
	}
	f.mu.Lock()
	delete(f.waiting, id)
	f.mu.Unlock()
	f.Cancel(id)
	return 0, context.Cause(ctx)
}

// Depart reports that a request has left.
func (f *follower) Depart(id uint64) { f.send(message{Op: depart, ID: id}) }

// Leave reports the result of a request.
func (f *follower) Leave(id uint64, kind pace.Kind, a pace.Answer, after time.Duration) {
	f.send(message{Op: leave, ID: id, Kind: kind, Answer: a, After: after})
}

// Cancel reports that a request will not be sent.
func (f *follower) Cancel(id uint64) { f.send(message{Op: cancel, ID: id}) }

// Hear reports a limit that the API states.
func (f *follower) Hear(s pace.Stated) { f.send(message{Op: hear, Stated: s}) }

// Report returns the newest report of the leader.
func (f *follower) Report() pace.Report {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.report
	r.Paused = max(0, r.Paused-time.Since(f.at))
	return r
}
