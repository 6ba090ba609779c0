package pages

import (
	"context"
	"encoding/json"
	"hash/maphash"
	"maps"
	"slices"
	"time"

	"github.com/bayworks/stockctl/internal/api/lenient"
)

// Following reads what is new in a log, poll by poll. It is not safe for concurrent use.
type Following[T any] struct {
	list *List[T]
	id   func(T) string
	at   func(T) time.Time
	seen map[uint64]uint64 // hashes of ids → of contents
	seed maphash.Seed
	last int // the last page with movements
	// beyond is the number of movements seen, minus the total stated at the time. It
	// is not 0 if the server drops old movements.
	beyond      int
	newestFirst bool
	begun       bool
}

// Follow returns a reader that follows a log of movements. A movement has an id, and a
// time, which is zero if it is unknown.
func Follow[T any](log *List[T], id func(T) string, at func(T) time.Time) *Following[T] {
	return &Following[T]{list: log, id: id, at: at, seen: make(map[uint64]uint64), seed: maphash.MakeSeed()}
}

// Poll returns the movements that are new since the last successful Poll and that keep
// accepts, oldest first. The first Poll reads the whole log. The log may grow at either
// end. A movement that comes again with other contents makes Poll read the whole log
// again, and is an error if it does so again. After an error nothing counts as seen, so
// the next Poll returns the same movements.
func (f *Following[T]) Poll(ctx context.Context, keep func(T) bool) ([]T, error) {
	p := f.poll(keep)
	read := p.more
	if !f.begun {
		read = p.all
	}
	err := read(ctx)
	if err == nil && p.changed != "" {
		p = f.poll(keep)
		if err = p.all(ctx); err == nil && p.changed != "" {
			err = f.list.source.Fault(twice(p.changed, reread))
		}
	}
	if err != nil {
		return nil, err
	}
	maps.Copy(f.seen, p.fresh)
	f.begun, f.last = true, p.end
	if f.list.stated {
		f.beyond = len(f.seen) - f.list.total
	}
	f.newestFirst = p.direction()
	return p.sorted(), nil
}

func (f *Following[T]) poll(keep func(T) bool) *poll[T] {
	return &poll[T]{Following: f, keep: keep, fresh: make(map[uint64]uint64), end: f.last}
}

// poll is one reading of what is new.
type poll[T any] struct {
	*Following[T]
	keep  func(T) bool
	fresh map[uint64]uint64 // as in seen
	found []T
	rows  int
	known int // rows that an earlier poll has seen
	end   int
	// changed is the id of a movement that had other contents before, "" for none.
	changed string
	// These show the order of the log.
	head, tail time.Time
	grewAtHead bool
}

// all reads the whole log, with the guarantees of List.
func (p *poll[T]) all(ctx context.Context) error {
	for m, err := range p.list.All(ctx) {
		if err != nil {
			return err
		}
		id := p.id(m)
		if id == "" {
			return p.list.source.Fault(lenient.Wrong("has a movement without an id, so new movements cannot be recognised"))
		}
		if _, err := p.add(m, id); err != nil {
			return err
		}
	}
	p.end = max(p.end, p.list.reached)
	return nil
}

// more reads both ends of the log. If they do not account for the stated total, it
// reads the whole log again.
func (p *poll[T]) more(ctx context.Context) error {
	p.list.total, p.list.stated = 0, false
	for number, stale := 0, 0; ; number++ {
		before := p.known
		fresh, rows, err := p.page(ctx, number)
		if err != nil {
			return err
		}
		if stale++; fresh > 0 {
			stale = 0
		}
		// A page with only this poll's movements has moved on during the reading.
		if rows == 0 || stale > 0 && p.known > before || stale >= maxStale || p.accounted() {
			break
		}
	}
	if p.accounted() {
		return nil
	}
	for number := p.last; ; number++ {
		fresh, rows, err := p.page(ctx, number)
		if err != nil {
			return err
		}
		if rows == 0 || fresh == 0 && number > p.last || p.accounted() {
			break
		}
	}
	if !p.list.stated || p.accounted() {
		return nil
	}
	return p.all(ctx)
}

// accounted reports whether the stated total grew by exactly what was found.
func (p *poll[T]) accounted() bool {
	return p.list.stated && len(p.seen)+len(p.fresh) == p.list.total+p.beyond
}

func (p *poll[T]) page(ctx context.Context, number int) (fresh, rows int, err error) {
	got, err := p.list.page(ctx, number, p.list.size)
	if err != nil {
		return 0, 0, err
	}
	for i, m := range got.Rows {
		isNew, err := p.add(m, got.keys[i])
		if err != nil {
			return 0, 0, err
		}
		if isNew {
			fresh++
		} else if number == 0 && fresh > 0 && fresh == i {
			p.grewAtHead = true
		}
	}
	if len(got.Rows) > 0 {
		p.end = max(p.end, number)
	}
	return fresh, len(got.Rows), nil
}

// add records a movement and reports whether it is new. The contents are what this
// program reads: servers may write the same in several ways.
func (p *poll[T]) add(m T, id string) (bool, error) {
	text, err := json.Marshal(m)
	if err != nil {
		return false, err
	}
	key, contents := maphash.String(p.seed, id), maphash.Bytes(p.seed, text)
	before, known := p.seen[key]
	if known {
		p.known++
	} else if before, known = p.fresh[key]; !known {
		p.fresh[key] = contents
		p.place(m)
		return true, nil
	}
	if before != contents {
		p.changed = id
	}
	return false, nil
}

// place records where a new movement is in the log, and keeps it if it is wanted.
func (p *poll[T]) place(m T) {
	if p.rows++; p.rows == 1 {
		p.head = p.at(m)
	}
	p.tail = p.at(m)
	if p.keep(m) {
		p.found = append(p.found, m)
	}
}

// direction reports whether the log begins with its newest movement, as far as this
// poll shows.
func (p *poll[T]) direction() bool {
	if !p.head.IsZero() && !p.tail.IsZero() && !p.head.Equal(p.tail) {
		return p.head.After(p.tail)
	}
	return p.newestFirst || p.grewAtHead
}

// sorted returns what was found, oldest first. Movements with the same time keep the
// order of the log.
func (p *poll[T]) sorted() []T {
	if p.newestFirst {
		slices.Reverse(p.found)
	}
	if !slices.ContainsFunc(p.found, func(m T) bool { return p.at(m).IsZero() }) {
		slices.SortStableFunc(p.found, func(a, b T) int { return p.at(a).Compare(p.at(b)) })
	}
	return p.found
}
