package pace

import (
	"math"
	"time"
)

// depths detects whether the API limits concurrent requests: then requests beyond a
// depth are refused, and those within it are not.
type depths struct {
	most  int // the most concurrent requests
	width int // how many are allowed now
	known int // the depth that the API allows; 0: no such limit was found

	recent [remembered]exchange
	count  int // of all exchanges

	probe time.Time     // when to try a greater width
	step  int           // by how much to increase it
	tried int           // accepted requests beyond the known depth
	hold  time.Duration // how long to wait before the next probe
	wrong int           // how often a known depth turned out to be wrong

	seek    bool // the width is to be determined
	opening bool // the width still grows, because that makes requests faster
	round   tally
	best    float64 // requests accepted per second in the best round
	slow    int     // rounds that were not faster
}

const (
	firstWidth   = 4
	firstTrial   = 8 * time.Second // how long to keep to a known depth
	longestTrial = time.Minute
	worthwhile   = 1.3 // how much faster a round must be to justify a greater width
)

func (d *depths) open(o Options) {
	d.most, d.width, d.seek, d.opening = o.Most, o.Most, o.Seek, o.Seek
	if d.hold == 0 {
		d.hold = firstTrial
	}
	if d.known > 0 {
		d.width = min(d.known, d.most)
	} else if o.Seek {
		d.width = min(firstWidth, o.Most)
	}
}

// restart lets the width grow again: a round with a pause in it shows nothing.
func (d *depths) restart() {
	d.round, d.slow, d.best = tally{}, 0, 0
	d.opening = d.seek && d.known == 0 && d.width < d.most
}

const remembered = 192

// exchange is a request that was answered.
type exchange struct {
	sent, answered int64 // nanoseconds
	accepted       bool
}

func (d *depths) answered(t *Ticket, now time.Time, a Answer) {
	if a == Broken {
		return
	}
	d.recent[d.count%remembered] = exchange{t.at.UnixNano(), now.UnixNano(), a == Good}
	d.count++
	if a == Good {
		d.round.n++
	}
	if a == Good && d.known > 0 && d.width > d.known && t.depth > d.known {
		if d.tried++; d.tried > 2*d.width {
			d.known, d.step, d.tried = d.width, 2*d.step, 0
		}
	}
}

// full reports whether no more requests may leave. If the width is the reason, it
// sometimes tries a greater one.
func (d *depths) full(flying int, now time.Time, tempo float64, lasts time.Duration) bool {
	if d.most == 0 || flying < d.width {
		return false
	}
	if d.opening {
		d.widen(now, tempo)
	}
	if d.known > 0 && d.width == d.known && d.width < d.most && !now.Before(d.probe) && lasts > d.hold {
		d.width, d.tried = min(d.most, d.width+d.step), 0
	}
	return flying >= d.width
}

// widen ends a round of the opening. If the API processes few requests at a time and
// queues the others, the width stops growing.
func (d *depths) widen(now time.Time, tempo float64) {
	if d.round.since.IsZero() {
		d.round = tally{since: now}
	}
	if d.round.n <= 2*d.width {
		return
	}
	rate := d.round.rate(now)
	if tempo < 1.3*rate { // the tempo delays most requests
		d.width = min(d.width+(d.width+3)/4, d.most)
		d.round = tally{since: now}
		return
	}
	if rate >= worthwhile*d.best {
		d.best, d.slow = rate, 0
		d.width = min(2*d.width, d.most)
	} else {
		d.slow++
	}
	d.opening = d.slow < 2 && d.width < d.most
	d.round = tally{since: now}
}

// judge reports whether an overshoot was one of depth, and then adapts to it.
func (d *depths) judge(now time.Time, flying, trials int) bool {
	depth := 0
	switch {
	case d.known > 0 && d.width > d.known:
		depth = d.known
		d.hold = min(2*d.hold, longestTrial)
	case d.wrong < trials:
		depth = d.find(flying)
	}
	if depth == 1 && trials == trialsCostly {
		depth = 0 // a small bucket refuses the second of two requests, too, and is more usual
	}
	if depth == 0 {
		if d.known > 0 {
			d.wrong++
			d.known, d.width = 0, d.most
		}
		return false
	}
	d.meet(depth, now)
	return true
}

// meet sets the width to a depth.
func (d *depths) meet(depth int, now time.Time) {
	d.opening = false
	d.known, d.width, d.step, d.tried, d.probe = depth, depth, 1, 0, now.Add(d.hold)
}

// find returns the depth that separates accepted from refused requests, or 0. The depth of
// a request is the number that the API was processing when it left.
func (d *depths) find(flying int) int {
	var good, bad [remembered + 1]int
	all := d.recent[:min(d.count, remembered)]
	whole := d.whole(flying)
	refused, judged := 0, 0
	for i := range all {
		if all[i].sent > whole {
			continue
		}
		judged++
		if depth := depthOf(all, i); all[i].accepted {
			good[depth]++
		} else {
			bad[depth]++
			refused++
		}
	}
	below, wrong := 0, judged-refused // sorted by depth, how many are on the wrong side
	depth, fewest := 0, wrong
	for k := 1; k < len(good); k++ {
		below += good[k-1]
		wrong += bad[k-1] - good[k-1]
		if wrong < fewest && below >= 2*k {
			depth, fewest = k, wrong
		}
	}
	if refused == 0 || fewest > refused/4 {
		return 0
	}
	return depth
}

// deepest returns the greatest depth of an accepted request.
func (d *depths) deepest() (depth int) {
	all := d.recent[:min(d.count, remembered)]
	for i := range all {
		if all[i].accepted {
			depth = max(depth, depthOf(all, i))
		}
	}
	return depth
}

// whole returns the departure time up to which requests can be judged. While some are in
// progress, this is the last accepted departure, because a refusal may arrive sooner than
// the answer to an accepted request.
func (d *depths) whole(flying int) int64 {
	if flying == 0 {
		return math.MaxInt64
	}
	newest := int64(0)
	for _, one := range d.recent {
		if one.accepted {
			newest = max(newest, one.sent)
		}
	}
	return newest
}

// depthOf returns how many accepted requests were in progress when a request left. For an
// accepted request, only those count that certainly were: others may already have been
// answered, with the answer on its way.
func depthOf(all []exchange, i int) (depth int) {
	one := all[i]
	for j, other := range all {
		left := other.answered - one.sent
		if j == i || !other.accepted || left <= 0 || other.sent > one.sent {
			continue
		}
		if !one.accepted || left > (other.answered-other.sent)/20 {
			depth++
		}
	}
	return depth
}
