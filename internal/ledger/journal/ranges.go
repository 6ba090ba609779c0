package journal

import (
	"cmp"
	"slices"
)

// Ranges is a set of row numbers, stored as spans. Rows end roughly in the order in
// which they began, so the set stays small. The zero value is empty.
type Ranges struct {
	spans []span
	count int64
}

// span is an inclusive range.
type span struct{ first, last int64 }

// Add adds a row. It returns false if the row was already in the set.
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

// Has reports whether a row is in the set.
func (r *Ranges) Has(row int64) bool {
	i := r.after(row)
	return i > 0 && r.spans[i-1].last >= row
}

// Len returns the number of rows in the set.
func (r *Ranges) Len() int64 { return r.count }

// after returns the index of the first span that begins after row. Rows mostly come in
// order, so it tries the end first.
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
