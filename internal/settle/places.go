package settle

import "time"

// places tracks whether the log returns tokens in each place. Once the first movement
// with a token in a place is accepted, the log is read to find it. Any token in that
// place is enough: the newest entries are read first, and a fast run writes more of
// them than can be read.
type places [2]struct {
	token   string    // of the first accepted movement; blank if there was none
	arrives time.Time // when the log must have it
	state   Shown
}

// accepted records a movement that the API accepted. It reports whether to look for it
// in the log.
func (p *places) accepted(place Place, token string, arrives time.Time) bool {
	one := &p[place]
	if one.token != "" {
		return false
	}
	one.token, one.arrives = token, arrives
	if one.state == NotTested {
		one.state = Awaited
	}
	return true
}

// shown records a token that is in the log.
func (p *places) shown(place Place) { p[place].state = Proven }

// close ends a reading that began at a time. Places whose token should have been in
// the log by then are hidden.
func (p *places) close(began time.Time) {
	for i := range p {
		if one := &p[i]; one.state == Awaited && !began.Before(one.arrives) {
			one.state = Hidden
		}
	}
}

// awaited reports whether the log must still be read for an accepted movement.
func (p *places) awaited() bool {
	return p[InReference].state == Awaited || p[InNotes].state == Awaited
}

// withoutTokens returns the names of the places with tokens that the log does not return.
func (p *places) withoutTokens() (out []string) {
	for i, where := range []string{"reference", "notes"} {
		if p[i].state == Hidden {
			out = append(out, where)
		}
	}
	return out
}
