package pace

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
// follow each other evenly. Some are refused by chance then, as one before was
// delayed on its way: most is accepted at a tempo that is refused now and then.
type spacing struct {
	on    bool
	held  bool    // a tempo was held for long since
	most  float64 // that was accepted before the first of them; 0: not known
	least float64 // that a slower tempo would not do better than; 0: not known
	top   float64 // the highest tempo that was refused
	soon  int     // setbacks in a row that came soon after the one before
}

// leastSpaced is a tempo, in requests a second, below which spacing matters little.
const leastSpaced = 10

// firstCut is how much slower than the first ones that were refused it begins.
const firstCut = .07

// judge takes a setback, and tells whether the requests must be spaced.
func (s *spacing) judge(back setback, single bool, closest float64) bool {
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
	case s.on && (!s.held && s.soon > 1 || s.soon > 2 || !near): // it is something else
		*s = spacing{top: s.top}
	case s.on:
	case near && back.first && min(o.good, o.bad) >= 3 && max(o.good, o.bad) <= min(o.good, o.bad)+2 && o.longest == 1: // every other one is refused
		*s = spacing{on: true, most: closest, top: s.top}
	case single && near:
		*s = spacing{on: true, most: o.tempo, top: s.top}
	}
	return s.on
}

// tempo is the next one: the longer it went well, the closer to what it was.
func (s *spacing) tempo(back setback) float64 {
	most, cut := back.over.tempo, min(.04, .2*back.cost/(back.went+back.cost))
	if s.soon > 0 {
		cut, s.least = .03*float64(1+s.soon), 0
	}
	if back.proven > 0 && most > back.proven {
		most = back.proven + .5*(most-back.proven)
	}
	if s.most > 0 {
		most, s.most, cut = min(most, s.most), 0, firstCut
		s.least = .85 * most
	}
	return max(most*(1-cut), s.least)
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
