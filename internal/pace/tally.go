package pace

import (
	"math"
	"time"
)

// tally counts from a point in time.
type tally struct {
	since time.Time
	n     int
}

func (t tally) rate(now time.Time) float64 {
	return float64(t.n) / max(now.Sub(t.since).Seconds(), .001)
}

const slots = 40

// recent counts the events of the newest slots.
type recent struct {
	slot   time.Duration
	began  time.Time
	counts [slots]int
	newest int64 // number of the newest slot
}

func (r *recent) move(now time.Time) {
	at := int64(now.Sub(r.began) / r.slot)
	r.newest = max(r.newest, at-slots)
	for ; r.newest < at; r.newest++ {
		r.counts[(r.newest+1)%slots] = 0
	}
}

func (r *recent) add(now time.Time) {
	r.move(now)
	r.counts[r.newest%slots]++
}

// rate returns the number of events per second.
func (r *recent) rate(now time.Time) float64 {
	r.move(now)
	n := 0
	for _, c := range r.counts {
		n += c
	}
	return float64(n) / min(slots*r.slot.Seconds(), max(now.Sub(r.began).Seconds(), r.slot.Seconds()))
}

// orInf returns x, or infinity if it is 0, which means unknown.
func orInf(x float64) float64 {
	if x == 0 {
		return math.Inf(1)
	}
	return x
}
