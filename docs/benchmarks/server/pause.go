package main

import "time"

// pauses ends the waits of requests, which all have the same length, in the order in which
// they began. The runtime's timers are up to a millisecond late on an idle machine, and
// that would be attributed to the client.
type pauses struct {
	length time.Duration
	queue  chan pause
}

type pause struct {
	until time.Time
	over  chan struct{}
}

// newPauses starts the goroutine that ends the waits. The length of the queue limits the
// number of concurrent ones.
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
