package api

// Readings are told of the lists that a client has read to their end, once each
// time, by the goroutine that reads; nil fields are not. A reading that failed,
// was left early or was filtered by the API is told to nobody. They must be safe
// for concurrent use.
type Readings struct {
	Rows       int // of products and records, the most that are handed over: the first ones
	Warehouses func([]Warehouse)
	Products   func([]Product)
	Records    func([]Record)
}

// telling makes the list tell of each reading that reaches its end.
func (l *List[T]) telling(rows int, tell func([]T)) *List[T] {
	l.rows, l.tell = rows, tell
	return l
}
