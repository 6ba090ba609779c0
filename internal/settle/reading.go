package settle

import "github.com/bayworks/stockctl/internal/api"

// reading is one reading of the log to find the movements that are due.
type reading struct {
	set       *Unsettled
	token     func(api.Movement) (string, error)
	due       map[string]*waiting // by token
	unproven  []*waiting          // those with their token in a place that is not proven yet
	sightings map[string]*Sighting
	newest    Watermark // the end of the log when the reading began
	err       error
}

func newReading(u *Unsettled, due []*waiting) *reading {
	r := &reading{set: u, token: u.options.Tokens(), due: make(map[string]*waiting, len(due)), sightings: make(map[string]*Sighting, len(due))}
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, one := range due {
		r.due[one.Token] = one
		if u.places[one.Place].state != Proven {
			r.unproven = append(r.unproven, one)
		}
	}
	return r
}

// visit handles one entry. It returns false if the rest of the log does not matter.
func (r *reading) visit(entry api.Movement) bool {
	o := r.set.options
	if r.newest.At.IsZero() {
		r.newest = Watermark{Newest: entry.ID, At: o.Now()}
	}
	token, err := r.token(entry)
	if err != nil {
		r.err = err
		return false
	}
	if token == "" {
		r.compare(entry)
		return true
	}
	r.found(entry, token)
	r.set.mu.Lock()
	defer r.set.mu.Unlock()
	r.set.places.shown(PlaceIn(entry, token))
	return len(r.sightings) < len(r.due) || r.set.places.awaited() || o.Thorough
}

// found handles an entry with a token.
func (r *reading) found(entry api.Movement, token string) {
	one, sought := r.due[token]
	if !sought {
		return
	}
	s := r.sightings[token]
	if s == nil {
		s = &Sighting{}
		r.sightings[token] = s
	}
	s.Times++
	if other := !one.Same(entry); !s.Found || other {
		s.Found, s.Other, s.Entry = true, s.Other || other, entry
	}
}

// compare handles an entry without a token, which could be any movement like it.
func (r *reading) compare(entry api.Movement) {
	for _, one := range r.unproven {
		one.lookalike = one.lookalike || r.set.options.Log.CouldBe(entry, one.Lost)
	}
}

// of returns what the reading has shown about a movement.
func (r *reading) of(one *waiting) Sighting {
	if s := r.sightings[one.Token]; s != nil {
		return *s
	}
	return Sighting{Lookalike: one.lookalike}
}
