package pace

import "time"

// Stated is what the API says of its limit in an answer.
type Stated struct {
	Rate  float64       // requests a second; 0: not stated
	Limit float64       // requests in a window; 0: not stated
	Reset time.Duration // until the window ends; 0: not stated
	Empty bool          // nothing is left
}

// longestReset bounds what is believed of a window.
const longestReset = time.Hour

// Hear takes what the API says. The tempo goes there at once, and is still cut
// where requests are refused: others may share the limit.
func (l *Limiter) Hear(now time.Time, s Stated) {
	if s.Empty && s.Reset > 0 && s.Reset <= longestReset {
		l.until = later(l.until, now.Add(s.Reset))
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
