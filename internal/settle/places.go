package settle

import "time"

// places is what is known of the two places where tokens travel. From the first
// accepted movement of a place on, the log is read for it. Any token in that place
// will do: the newest entries are read first, and a fast run writes more of them
// than can be read.
type places [2]struct {
	token   string    // of the first accepted movement; blank: there was none
	arrives time.Time // from when on the log must hold it
	state   Shown
}

// accepted takes a movement that the API has accepted. It reports whether the log
// is to be read for it.
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

// shown takes a token that the log has shown.
func (p *places) shown(place Place) { p[place].state = Proven }

// close takes the end of a reading that began at a time: what it has not shown
// and must hold is hidden.
func (p *places) close(began time.Time) {
	for i := range p {
		if one := &p[i]; one.state == Awaited && !began.Before(one.arrives) {
			one.state = Hidden
		}
	}
}

// awaited reports whether the log is still to be read for an accepted movement.
func (p *places) awaited() bool {
	return p[InReference].state == Awaited || p[InNotes].state == Awaited
}

// hidden lists the places whose tokens the log does not bring back, in words.
func (p *places) hidden() (out []string) {
	for i, where := range []string{"reference", "notes"} {
		if p[i].state == Hidden {
			out = append(out, where)
		}
	}
	return out
}
