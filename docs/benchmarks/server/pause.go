package main

import "time"

// pauses end requests' waits, all of one length, in the order in which they
// began. The runtime's own timers are up to a millisecond late on a machine that
// has little to do, which a client would be blamed for.
type pauses struct {
	length time.Duration
	queue  chan pause
}

type pause struct {
	until time.Time
	over  chan struct{}
}

// newPauses starts what ends the waits. There may be as many at a time as the
// queue is long.
func newPauses(length time.Duration) *pauses {
	p := &pauses{length: length, queue: make(chan pause, 4096)}
	go func() {
		for one := range p.queue {
			sleepUntil(one.until)
			close(one.over)
		}
	}()
	return p
}

func (p *pauses) wait() {
	one := pause{time.Now().Add(p.length), make(chan struct{})}
	p.queue <- one
	<-one.over
}
