package movements

import "time"

// finish merges the entries read with those of the copy into one file, and keeps it.
func (r *reading) finish() (*Log, error) {
	if r.early && r.fresh == 0 {
		return r.unchanged(), nil
	}
	join := r.alone
	switch {
	case r.copy == nil || r.nameless || r.seen.changed || r.seen.count == 0:
		// Without a common entry, there may be a gap between the two. A copy with other
		// contents than the API is of another log.
	case r.early:
		join = r.onTop
	default:
		join = r.withForgotten
	}
	file, err := join()
	if err != nil {
		return nil, err
	}
	l := r.log(file)
	if !r.nameless && file.Count > 0 {
		r.keep(file)
	}
	return l, nil
}

func (r *reading) log(file *storedLog) *Log {
	l := &Log{
		Count: file.Count, Fresh: r.fresh, NewestFirst: r.order.newestFirst(),
		Complete: file.Complete, From: file.From, Undated: r.order.undated, file: file,
	}
	if total, stated := r.list.Total(); r.short && stated {
		l.Missing = max(0, total+file.Gone-file.Count)
	}
	return l
}

// about returns the metadata of the reading alone.
func (r *reading) about() about {
	return about{
		Server: r.Server, Tenant: r.tenant, Count: r.spool.count,
		Complete: !r.short, Sorted: r.order.sorted(), From: r.from(),
	}
}

// unchanged returns the copy: the API has no new entries.
func (r *reading) unchanged() *Log {
	discard(r.spool)
	l := r.log(r.copy)
	r.copy.touch(time.Now())
	r.copy = nil // the log closes it
	return l
}

// alone returns the entries read, without those of a copy.
func (r *reading) alone() (*storedLog, error) { return r.seal(r.spool, r.about()) }

// onTop puts the new entries before those of the copy.
func (r *reading) onTop() (*storedLog, error) {
	head, err := r.spool.close(about{})
	if err != nil {
		discard(r.spool)
		return nil, err
	}
	defer func() { _ = head.drop() }() // read-only
	out, err := r.newSpool()
	if err != nil {
		return nil, err
	}
	err = head.each(func(m Movement, known bool) {
		if !known {
			out.put(m, false)
		}
	})
	if err == nil {
		err = r.copy.each(func(m Movement, _ bool) { out.put(m, false) })
	}
	if err != nil {
		discard(out)
		return nil, err
	}
	a := r.copy.about
	a.Count = out.count
	if total, stated := r.list.Total(); stated {
		a.Gone += max(0, r.copy.Count-r.copy.Gone+r.fresh-total)
	}
	return r.seal(out, a)
}

// withForgotten adds entries that the API no longer returns: those in the copy that
// are older than any entry read. Other entries missing from the API never belonged
// to this log, as when a test server was reset.
func (r *reading) withForgotten() (*storedLog, error) {
	a := r.about()
	oldest := r.order.oldest
	err := r.copy.each(func(m Movement, _ bool) {
		if m.Dated && m.At.Before(oldest) && !r.seen.wasMet(m.ID) {
			r.spool.put(m, false)
			a.Gone++
		}
	})
	if err != nil {
		discard(r.spool)
		return nil, err
	}
	a.Count = r.spool.count
	if a.Gone > 0 && !a.From.Equal(never()) && !r.copy.From.Equal(never()) {
		a.From = r.copy.From
	}
	return r.seal(r.spool, a)
}

func (r *reading) seal(s *spool, a about) (*storedLog, error) {
	file, err := s.close(a)
	if err != nil {
		discard(s)
	}
	return file, err
}
