package journal

import (
	"cmp"
	"slices"
)

// Ranges is a set of row numbers, kept as runs of neighbours: rows end nearly in
// the order in which they began, so it stays small however many there are. The
// zero value is empty.
type Ranges struct {
	spans []span
	count int64
}

// span holds first to last, both included.
type span struct{ first, last int64 }

// Add puts a row into the set. It is false when the row was in it.
func (r *Ranges) Add(row int64) bool {
	i := r.after(row)
	if i > 0 && r.spans[i-1].last >= row {
		return false
	}
	joinsLeft := i > 0 && r.spans[i-1].last == row-1
	joinsRight := i < len(r.spans) && r.spans[i].first == row+1
	switch {
	case joinsLeft && joinsRight:
		r.spans[i-1].last = r.spans[i].last
		r.spans = slices.Delete(r.spans, i, i+1)
	case joinsLeft:
		r.spans[i-1].last = row
	case joinsRight:
		r.spans[i].first = row
	default:
		r.spans = slices.Insert(r.spans, i, span{row, row})
	}
	r.count++
	return true
}

// Has tells whether a row is in the set.
func (r *Ranges) Has(row int64) bool {
	i := r.after(row)
	return i > 0 && r.spans[i-1].last >= row
}

// Len is how many rows are in the set.
func (r *Ranges) Len() int64 { return r.count }

// after is the index of the first span that begins after row. Rows mostly come
// in order, so the end is looked at first.
func (r *Ranges) after(row int64) int {
	if n := len(r.spans); n == 0 || r.spans[n-1].first <= row {
		return n
	}
	i, found := slices.BinarySearchFunc(r.spans, row, func(s span, row int64) int { return cmp.Compare(s.first, row) })
	if found {
		i++
	}
	return i
}
