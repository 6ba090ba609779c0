package movements

import "time"

// maxLate limits how often a list is read again for entries that were added while it
// was read. They come after the oldest entry although they are the newest.
const maxLate = 3

// order detects how a log is sorted.
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

// newestFirst reports whether the log begins with the newest entry, as far as its
// times show.
func (o *order) newestFirst() bool { return o.down >= o.up }

// sorted reports whether the whole log is sorted from the newest entry to the
// oldest.
func (o *order) sorted() bool {
	return o.newestFirst() && o.contradicting == 0 && o.late <= maxLate && o.undated == 0
}
