package movements

import "time"

// maxLate is how often a list is read again for entries that came in while it
// was read: each time they follow the oldest entry, though they are the newest.
const maxLate = 3

// order follows a log and notes how it is sorted.
type order struct {
	last, newest, oldest   time.Time
	dated, up, down, late  int
	undated, contradicting int
}

func (o *order) see(m Movement) {
	if !m.Dated {
		o.undated++
		return
	}
	if o.dated++; o.dated == 1 {
		o.last, o.newest, o.oldest = m.At, m.At, m.At
		return
	}
	switch {
	case m.At.Before(o.last):
		o.down++
	case m.At.After(o.newest):
		o.up++
		o.late++
	case m.At.After(o.last):
		o.up++
		o.contradicting++
	}
	o.last = m.At
	if m.At.After(o.newest) {
		o.newest = m.At
	}
	if m.At.Before(o.oldest) {
		o.oldest = m.At
	}
}

// newestFirst tells which end of the log comes first, as far as its times show.
func (o *order) newestFirst() bool { return o.down >= o.up }

// sorted tells that the whole log ran from its newest entry to its oldest.
func (o *order) sorted() bool {
	return o.newestFirst() && o.contradicting == 0 && o.late <= maxLate && o.undated == 0
}
