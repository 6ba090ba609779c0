package pace

import "time"

// Stated is the limit stated in an answer of the API.
type Stated struct {
	Rate  float64       // requests per second; 0: not stated
	Limit float64       // requests per window; 0: not stated
	Reset time.Duration // until the window ends; 0: not stated
	Empty bool          // no requests are left in the window
}

// longestReset is the longest Reset that is accepted as true.
const longestReset = time.Hour

// Hear uses a limit that the API states. The tempo changes to it immediately. It is
// still cut if requests are refused, because others may share the limit.
func (l *Limiter) Hear(now time.Time, s Stated) {
	if s.Empty && s.Reset <= longestReset {
		l.pause(now, s.Reset)
	}
	rate := s.Rate
	if rate <= 0 && s.Limit > 0 && s.Reset > 0 {
		l.tempo.span = max(l.tempo.span, s.Reset.Seconds())
		rate = s.Limit / l.tempo.span
	}
	rate *= .98
	t := &l.tempo
	if rate <= 0 || rate == t.stated {
		return
	}
	anew := !t.learnt || t.now >= .9*t.stated
	if t.stated = rate; anew {
		t.set(rate, rate, now, holdCostly)
	}
}
