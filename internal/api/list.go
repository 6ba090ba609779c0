package api

import (
	"context"
	"fmt"
	"hash/maphash"
	"iter"
	"maps"
	"net/url"
	"strconv"

	"github.com/bayworks/stockctl/internal/seen"
)

const (
	defaultPageSize = 50
	// maxRows ends a list that never does.
	maxRows = 5_000_000
	// maxStale is how many pages in a row without anything new end a reading that
	// has not come to its total, or has none. One may hold nothing but rows that
	// moved on by a page, or come from a server that counts pages from one and
	// gives the first twice.
	maxStale = 3
	// maxSweeps is how often a list is read in all to find rows that moved from
	// a page not yet read to one that was.
	maxSweeps = 4
)

// List is a list that the API hands out in pages. It is not safe for concurrent
// use; each range over All reads from the beginning.
type List[T any] struct {
	client *Client
	path   string
	query  url.Values
	size   int
	decode func(*answer) (page[T], error)
	total  int
	stated bool
	// reached is the highest page of the newest reading that held anything.
	reached int
}

// keyed is what can stand in a list: it tells its id, "" when it has none.
type keyed interface{ key() string }

func newList[T keyed](c *Client, path string, query url.Values) *List[T] {
	return &List[T]{client: c, path: path, query: query, size: defaultPageSize, decode: decodePage[T]}
}

// PageSize asks for n rows a page, 50 when not above 0. The API may give fewer
// without saying so.
func (l *List[T]) PageSize(n int) *List[T] {
	if n <= 0 {
		n = defaultPageSize
	}
	l.size = n
	return l
}

// Total returns how many rows the newest page said there are; false when none
// has said so yet.
func (l *List[T]) Total() (int, bool) { return l.total, l.stated }

// All streams the list to its end, each row once. It ends at the stated total,
// unless a full page speaks against it; without one, at a page that is empty or
// after three that bring nothing new; never at a short page. After an error it
// ends: a failed page is one, and so are a stated total that is not reached though
// the list was read again, and pages that repeat where there may be more.
func (l *List[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		l.total, l.stated, l.reached = 0, false, 0
		w := walk[T]{list: l, yield: yield, seen: new(seen.Hashes), seed: maphash.MakeSeed()}
		err := w.run(ctx)
		switch {
		case w.left:
		case err != nil:
			var none T
			yield(none, err)
		}
	}
}

// walk is one reading of a list.
type walk[T any] struct {
	list  *List[T]
	yield func(T, error) bool
	seen  *seen.Hashes // of keys
	seed  maphash.Seed
	pages int  // of the first sweep
	most  int  // rows of the largest page
	left  bool // the caller has stopped listening
}

// run reads the pages, and reads them again as long as that brings rows that
// are missing from the stated total.
func (w *walk[T]) run(ctx context.Context) error {
	for sweep := 1; ; sweep++ {
		before := w.seen.Len()
		if err := w.sweep(ctx, sweep == 1); err != nil || w.left || w.complete() {
			return err
		}
		if !w.list.stated {
			return nil
		}
		if sweep > 1 && w.seen.Len() == before || sweep == maxSweeps {
			return w.fault(&shortAnswer{wrongAnswer(fmt.Sprintf("states %d rows in all, but its pages hold %d", w.list.total, w.seen.Len()))})
		}
	}
}

func (w *walk[T]) complete() bool { return w.list.stated && w.seen.Len() >= w.list.total }

func (w *walk[T]) wrong(what string) error { return w.fault(wrongAnswer(what)) }

func (w *walk[T]) fault(err error) error { return w.list.call(0, 0).fault(200, err) }

// sweep reads page after page until there is nothing more to expect.
func (w *walk[T]) sweep(ctx context.Context, first bool) error {
	stale := 0
	for number := 0; first || number <= w.pages; number++ {
		p, err := w.list.page(ctx, number, w.list.size)
		if err != nil {
			return err
		}
		w.most = max(w.most, len(p.rows))
		if first {
			w.pages = number + 1
		}
		fresh := w.deliver(p)
		stale++
		if fresh > 0 {
			stale = 0
		}
		// A total below what there is, or of one page, is found out by the next page.
		doubted := first && fresh > 0 && (len(p.rows) >= w.list.size || w.seen.Len() > w.list.total)
		switch {
		case w.left, len(p.rows) == 0, w.complete() && !doubted:
			return nil
		case stale >= maxStale && first && !w.list.stated:
			return w.beyond(ctx)
		case stale >= maxStale && first:
			return nil
		case w.seen.Len() > maxRows:
			return w.wrong(fmt.Sprintf("has more than %d rows", maxRows))
		}
	}
	return nil
}

// beyond asks for what follows the rows seen, in smaller pages, after pages that
// repeat and state no total. A server that repeats its last page has a short one
// there. One that gives a full page ignores which one is asked for, and may keep the
// rest to itself; so may one that gives more than asked for, unless what it gives is
// not what a page holds: then it is the whole list.
func (w *walk[T]) beyond(ctx context.Context) error {
	size := w.most - 1
	if size < 1 {
		return nil
	}
	p, err := w.list.page(ctx, w.seen.Len()/size, size)
	if err != nil {
		return err
	}
	w.deliver(p)
	if w.left || len(p.rows) < size || len(p.rows) > size && w.most != w.list.size {
		return nil
	}
	return w.fault(&shortAnswer{"repeats its pages and does not state how many rows there are, so there may be more"})
}

// deliver hands out the rows that are new and returns how many those are.
func (w *walk[T]) deliver(p page[T]) (fresh int) {
	for i, row := range p.rows {
		id := maphash.String(w.seed, p.keys[i])
		if !w.seen.Add(id) {
			continue
		}
		fresh++
		if !w.yield(row, nil) {
			w.left = true
			return fresh
		}
	}
	return fresh
}

// call is the request for one page.
func (l *List[T]) call(number, size int) call {
	q := maps.Clone(l.query)
	if q == nil {
		q = url.Values{}
	}
	q.Set("page", strconv.Itoa(number))
	q.Set("limit", strconv.Itoa(size))
	return call{method: "GET", path: l.path, query: q.Encode(), safe: true}
}

// page reads one page and notes the total it states. One that is smaller than
// the page itself, or 0 after rows were promised, counts something else.
func (l *List[T]) page(ctx context.Context, number, size int) (page[T], error) {
	k := l.call(number, size)
	a, err := l.client.send(ctx, k)
	if err != nil {
		return page[T]{}, err
	}
	p, err := l.decode(a)
	if err != nil {
		return p, k.fault(a.status, fmt.Errorf("page %d: %w", number, err))
	}
	if l.client.learner != nil {
		l.client.learn(p.rows)
	}
	if len(p.rows) > 0 {
		l.reached = max(l.reached, number)
	}
	if p.stated && p.total >= len(p.rows) && (p.total > 0 || l.total == 0) {
		l.total, l.stated = p.total, true
	}
	return p, nil
}
