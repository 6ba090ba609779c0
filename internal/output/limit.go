package output

import "iter"

// Cut is a limit on the rows of a list, and what came of it.
type Cut struct {
	Limit int  // how many rows at most; negative: no limit
	Count int  // how many there were, at most Limit
	More  bool // whether there were more
}

// Limited passes a list on up to a limit. It asks for one row beyond it, to
// know whether the list was cut.
func Limited[T any](c *Cut, rows iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for row, err := range rows {
			if err == nil && c.Count == c.Limit {
				c.More = true
				return
			}
			if err == nil {
				c.Count++
			}
			if !yield(row, err) {
				return
			}
		}
	}
}
