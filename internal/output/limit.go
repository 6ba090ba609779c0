package output

import "iter"

// Cut is a limit on the rows of a list, and its effect.
type Cut struct {
	Limit int  // maximum number of rows; negative: no limit
	Count int  // rows passed on, at most Limit
	More  bool // whether the list had more
}

// Limited passes on rows up to a limit. It reads one row more, to know whether the
// list was cut off.
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
