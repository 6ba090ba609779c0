package bulk

import "sync"

// maxParked bounds the rows that are under way or wait for one of their record.
const maxParked = 4096

// lanes keep the rows of one record in the order of the file: only the first of
// a lane is under way, the others wait. Rows of different records go side by
// side.
type lanes struct {
	ready chan *Row     // rows that may be sent
	room  chan struct{} // one for each row that is under way or waits
	all   sync.WaitGroup

	mu    sync.Mutex
	by    map[Key][]*Row // the rows that wait behind the one under way
	stuck map[Key]int    // lanes that ended at a held row → its line
}

func newLanes() *lanes {
	return &lanes{
		ready: make(chan *Row, maxParked), room: make(chan struct{}, maxParked),
		by: map[Key][]*Row{}, stuck: map[Key]int{},
	}
}

// add takes a row in. It waits while there is no room. It is false, and the row
// not taken, when its lane ended at a held row, whose line it returns.
func (l *lanes) add(r *Row) (line int, taken bool) {
	l.room <- struct{}{}
	l.all.Add(1)
	l.mu.Lock()
	if line, stuck := l.stuck[r.Key]; stuck {
		l.mu.Unlock()
		l.left()
		return line, false
	}
	waiting, busy := l.by[r.Key]
	if busy {
		l.by[r.Key] = append(waiting, r)
	} else {
		l.by[r.Key] = nil
	}
	l.mu.Unlock()
	if !busy {
		l.ready <- r
	}
	return 0, true
}

// again puts a row that is still under way back among those that may be sent.
func (l *lanes) again(r *Row) { l.ready <- r }

// done ends a row: the next of its lane may be sent.
func (l *lanes) done(r *Row) {
	l.mu.Lock()
	waiting := l.by[r.Key]
	var next *Row
	if len(waiting) > 0 {
		next = waiting[0]
		l.by[r.Key] = waiting[1:]
	} else {
		delete(l.by, r.Key)
	}
	l.mu.Unlock()
	if next != nil {
		l.ready <- next
	}
	l.left()
}

// block ends a row that could not be decided: it returns the rows behind it,
// and none of its lane will be taken in any more.
func (l *lanes) block(r *Row) []*Row {
	l.mu.Lock()
	waiting := l.by[r.Key]
	delete(l.by, r.Key)
	l.stuck[r.Key] = r.Line
	l.mu.Unlock()
	l.left()
	return waiting
}

// left gives the room of one row free.
func (l *lanes) left() {
	<-l.room
	l.all.Done()
}

// bar ends a lane at a row that was not decided before it came in.
func (l *lanes) bar(r *Row) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stuck[r.Key] = r.Line
}
