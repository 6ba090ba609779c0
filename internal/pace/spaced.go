package pace

import "math"

// setback is an overshoot that cost a pause.
type setback struct {
	over   *overshoot
	ages   []float64 // of the requests that were accepted before it, in seconds
	went   float64   // seconds that it had gone well before
	cost   float64   // seconds of the pause
	proven float64   // the tempo that was held before; 0: none was
	first  bool      // there was none before
}

// spacing meets an API that allows but one or two requests at a time: they must
// follow each other evenly. Some are refused by chance then, as the one before was
// delayed on its way, so that most is accepted at a tempo that is refused now and
// then: each refusal slows it a little, and it rises so that the next one is to come
// after several times what the pause took.
type spacing struct {
	on    bool
	held  bool    // a tempo was held for long since
	least float64 // that a slower tempo would not do better than
	top   float64 // the highest tempo that was refused
	soon  int     // setbacks in a row that came soon after the one before
	vain  int     // how often it was thought so, and was something else
}

const (
	leastSpaced = 10  // requests a second, below which spacing matters little
	firstCut    = .07 // how much slower than what was refused first it begins
	spacedCut   = .03 // and how much slower than what was refused it goes on
	spacedShare = 8   // a refusal is to come every so many times what it costs
	chance      = .85 // of what was held: what is refused below that is refused by chance
)

// judge takes a setback, and tells whether the requests must be spaced.
func (s *spacing) judge(back setback, single bool) bool {
	o := back.over
	s.top = max(s.top, o.tempo)
	near := o.tempo > leastSpaced && o.tempo > s.top/4 && (back.proven == 0 || o.tempo < 1.5*back.proven)
	soon := 3.0
	if s.held {
		soon = .5
	}
	if s.soon++; back.went > soon*back.cost {
		s.soon = 0
	}
	s.held = s.held || back.went > 3*back.cost
	switch {
	case s.on && (!s.held && back.went < back.cost || s.soon > 2 || !near): // it is something else
		*s = spacing{top: s.top, vain: s.vain + 1}
	case !s.on && near && s.vain < 4 && single && back.went > .7*back.cost:
		*s = spacing{on: true, top: s.top, vain: s.vain}
	}
	return s.on
}

// tempo is the next one, and how fast it rises: the growth in a second. closest is
// how closely requests followed each other that were accepted.
func (s *spacing) tempo(back setback, closest float64) (next, growth float64) {
	met := back.over.tempo
	if s.least == 0 {
		next = min(met, closest) * (1 - firstCut)
		s.least = chance * next
	} else {
		next = max(met*(1-spacedCut*float64(1+2*s.soon)), s.least)
		switch {
		case s.soon > 1:
			s.least *= 1 - spacedCut
		case back.went > 3*back.cost:
			s.least = max(s.least, chance*next)
		}
	}
	return next, max(spacedCut, math.Log(met/next)) / (spacedShare * max(back.cost, .1))
}

// nearest is the tempo of the last few requests.
func nearest(ages []float64) (rate float64) {
	for i, age := range ages[:min(len(ages), 3)] {
		if i > 0 || len(ages) == 1 {
			rate = max(rate, float64(i+1)/age)
		}
	}
	return rate
}
