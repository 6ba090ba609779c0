package pages

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"

	"github.com/bayworks/stockctl/internal/api/lenient"
	"github.com/bayworks/stockctl/internal/seen"
)

const (
	defaultPageSize = 50
	// maxRows stops a list that would never end.
	maxRows = 5_000_000
	// maxStale is how many consecutive pages without new rows end a sweep that has
	// not reached its total or has none. One such page is normal: its rows may have
	// moved from the page before, or the server may count pages from one and return
	// the first page twice.
	maxStale = 3
	// maxSweeps is the most times to read a list. Rows may move from a page that is
	// still unread to one that was read, so one sweep may miss them.
	maxSweeps = 4
	// maxHeads is how often to read the beginning of a list that grew while it was read.
	maxHeads = 3
)

// ErrShort is the error of a list that states more rows than its pages contain. A
// caller that can use a partial list may ignore it.
var ErrShort = errors.New("the list is shorter than its stated total")

// short says what is wrong with such a list.
type short struct{ lenient.Wrong }

func (s *short) Unwrap() error { return s.Wrong }

// Is reports whether target is ErrShort.
func (s *short) Is(target error) bool { return target == ErrShort }

// Source is where a list comes from.
type Source[T any] struct {
	// Page reads the page of a number, from 0, with at most size rows.
	Page func(ctx context.Context, number, size int) (Page[T], error)
	// Fault returns the error of pages that arrived but are unusable.
	Fault func(error) error
}

// List is a list that the API returns in pages. It is not safe for concurrent use.
// Each range over All reads from the beginning.
type List[T any] struct {
	source Source[T]
	size   int
	total  int
	stated bool
	// reached is the highest page with rows that the last reading found.
	reached int
}

// New returns the list of a source.
func New[T any](from Source[T]) *List[T] { return &List[T]{source: from, size: defaultPageSize} }

// PageSize asks for n rows per page; 50 if n is not above 0. The API may return
// fewer without saying so.
func (l *List[T]) PageSize(n int) *List[T] {
	if l.size = n; n <= 0 {
		l.size = defaultPageSize
	}
	return l
}

// Total returns the total that the newest page stated, or false if no page has
// stated one yet.
func (l *List[T]) Total() (int, bool) { return l.total, l.stated }

// All streams the list to its end, each row once, as it was shown first. It ends at the
// stated total, unless a full page suggests that there are more rows. Without a total, it
// ends at an empty page or after three pages without new rows, but never at a short page.
// An error ends it: a failed page, a stated total that repeated reading does not reach,
// pages that repeat when there may be more rows, or a row with two contents, also when
// the list is read again.
func (l *List[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		l.total, l.stated, l.reached = 0, false, 0
		w := walk[T]{list: l, yield: yield, seen: new(seen.Hashes), seed: maphash.MakeSeed()}
		if err := w.run(ctx); err != nil && !w.left {
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
	// A row that changes during a sweep may be shown both before and after. The next
	// sweep no longer shows what it was.
	ids, texts *seen.Hashes      // of this sweep
	differ     map[uint64]string // texts that this sweep showed after another of the key
	again      bool              // this sweep is about what differed in the one before

	begun int  // the total stated by the first page of this sweep
	pages int  // pages of the first sweep
	most  int  // rows of the largest page
	left  bool // the caller has ended the loop
}

// run sweeps the pages, and its beginning again if the list grew. It repeats that if rows differ, and while rows of the stated
// total are missing and each sweep finds more of them.
func (w *walk[T]) run(ctx context.Context) error {
	for sweep := 1; ; sweep++ {
		before, differed := w.seen.Len(), w.differ
		w.ids, w.texts, w.differ, w.again = new(seen.Hashes), new(seen.Hashes), map[uint64]string{}, len(w.differ) > 0
		if err := w.sweep(ctx, sweep == 1); err != nil || w.left {
			return err
		}
		for n := 0; n < maxHeads && w.list.stated && w.list.total > w.begun && !w.complete(); n++ {
			if err := w.head(ctx); err != nil || w.left {
				return err
			}
		}
		for text, key := range w.differ {
			if _, also := differed[text]; also {
				return w.fault(twice(key, reread))
			}
		}
		if len(w.differ) > 0 && !w.again {
			continue
		}
		if w.complete() || !w.list.stated {
			return nil
		}
		if sweep > 1 && w.seen.Len() == before || sweep == maxSweeps {
			return w.fault(&short{lenient.Wrong(fmt.Sprintf("states %d rows in all, but its pages contain %d", w.list.total, w.seen.Len()))})
		}
	}
}

func (w *walk[T]) complete() bool { return w.list.stated && w.seen.Len() >= w.list.total }

func (w *walk[T]) fault(err error) error { return w.list.source.Fault(err) }

// head reads the beginning of a list that grew while it was read, up to a page without new
// rows. In a log that grows there, a whole sweep would last long enough for more rows.
func (w *walk[T]) head(ctx context.Context) error {
	for number := 0; ; number++ {
		p, err := w.list.page(ctx, number, w.list.size)
		if err != nil {
			return err
		}
		if w.deliver(p) == 0 || w.left || w.complete() {
			return nil
		}
	}
}

// sweep reads the pages in order until no more rows are expected.
func (w *walk[T]) sweep(ctx context.Context, first bool) error {
	stale := 0
	for number := 0; first || number <= w.pages; number++ {
		p, err := w.list.page(ctx, number, w.list.size)
		if err != nil {
			return err
		}
		w.most = max(w.most, len(p.Rows))
		if number == 0 {
			w.begun = w.list.total
		}
		if first {
			w.pages = number + 1
		}
		fresh := w.deliver(p)
		stale++
		if fresh > 0 {
			stale = 0
		}
		// The total may be too low, or count only one page. The next page shows that.
		doubted := first && fresh > 0 && (len(p.Rows) >= w.list.size || w.seen.Len() > w.list.total)
		switch {
		case w.left, len(p.Rows) == 0, w.complete() && !doubted && !w.again:
			return nil
		case stale >= maxStale && first && !w.list.stated:
			return w.beyond(ctx)
		case stale >= maxStale && first:
			return nil
		case w.seen.Len() > maxRows:
			return w.fault(lenient.Wrong(fmt.Sprintf("has more than %d rows", maxRows)))
		}
	}
	return nil
}

// beyond checks for more rows after pages that repeat without a stated total. It asks
// for the page after the rows seen, in a smaller size. A short page means that the
// server just repeats its last page. A full page means that the server ignores the
// page number, so there may be rows that it never returns. The same holds for a page
// larger than asked for, unless its size is not the page size: it is the whole list then.
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
	if w.left || len(p.Rows) < size || len(p.Rows) > size && w.most != w.list.size {
		return nil
	}
	return w.fault(&short{"repeats its pages and does not state how many rows there are, so there may be more"})
}

// deliver yields the rows that are new and returns how many there are.
func (w *walk[T]) deliver(p Page[T]) (fresh int) {
	for i, row := range p.Rows {
		id, text := maphash.String(w.seed, p.keys[i]), maphash.Bytes(w.seed, p.texts[i])
		if other := w.texts.Add(text); !w.ids.Add(id) && other {
			w.differ[text] = p.keys[i]
		}
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

// page reads one page and records the total that it states. It ignores a total that
// is smaller than the page, or that is 0 after another total: it counts something else.
func (l *List[T]) page(ctx context.Context, number, size int) (Page[T], error) {
	p, err := l.source.Page(ctx, number, size)
	if err != nil {
		return p, err
	}
	if len(p.Rows) > 0 {
		l.reached = max(l.reached, number)
	}
	if p.stated && p.total >= len(p.Rows) && (p.total > 0 || l.total == 0) {
		l.total, l.stated = p.total, true
	}
	return p, nil
}
