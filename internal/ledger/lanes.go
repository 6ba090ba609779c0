package ledger

import (
	"sync"

	"github.com/bayworks/stockctl/internal/stock"
)

const (
	// maxParked bounds the rows that are under way or wait for one of their record.
	maxParked = 4096
	// wakeAt is how many places must be free, or how few rows left to send, for a
	// reader that found no place to be woken: to wake it for each costs more than
	// to read.
	wakeAt = 256
)

// lanes keep the rows of one record in the order of the file: only the first of
// a lane is under way, the others wait. Rows of different records go side by
// side.
type lanes struct {
	ready chan *pending // rows that may be sent
	all   sync.WaitGroup

	mu     sync.Mutex
	parked int                      // rows that are under way or wait
	room   *sync.Cond               // on mu: there is room again
	by     map[stock.Key][]*pending // the rows that wait behind the one under way
	stuck  map[stock.Key]int        // lanes that ended at a held row → its line
}

func newLanes() *lanes {
	l := &lanes{ready: make(chan *pending, maxParked), by: map[stock.Key][]*pending{}, stuck: map[stock.Key]int{}}
	l.room = sync.NewCond(&l.mu)
	return l
}

// add takes a row in. It waits while there is no room. It is false, and the row
// not taken, when its lane ended at a held row, whose line it returns.
func (l *lanes) add(r *pending) (line int, taken bool) {
	l.mu.Lock()
	for l.parked == maxParked {
		l.room.Wait()
	}
	if line, stuck := l.stuck[r.Key]; stuck {
		l.mu.Unlock()
		return line, false
	}
	l.parked++
	l.all.Add(1)
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
func (l *lanes) again(r *pending) { l.ready <- r }

// done ends a row: the next of its lane may be sent.
func (l *lanes) done(r *pending) {
	l.mu.Lock()
	waiting := l.by[r.Key]
	if len(waiting) > 0 {
		l.by[r.Key] = waiting[1:]
	} else {
		delete(l.by, r.Key)
	}
	l.giveRoom()
	l.mu.Unlock()
	if len(waiting) > 0 {
		l.ready <- waiting[0]
	}
	l.all.Done()
}

// block ends a row that could not be decided: it returns the rows behind it,
// and none of its lane will be taken in any more.
func (l *lanes) block(r *pending) []*pending {
	l.mu.Lock()
	waiting := l.by[r.Key]
	delete(l.by, r.Key)
	l.stuck[r.Key] = r.Line
	l.mu.Unlock()
	l.left()
	return waiting
}

// left gives back the place of a row that has ended.
func (l *lanes) left() {
	l.mu.Lock()
	l.giveRoom()
	l.mu.Unlock()
	l.all.Done()
}

// giveRoom is left without the lock, which the caller holds.
func (l *lanes) giveRoom() {
	l.parked--
	if l.parked <= maxParked-wakeAt || len(l.ready) < wakeAt {
		l.room.Signal()
	}
}

// bar ends a lane at a row that was not decided before it came in.
func (l *lanes) bar(r *pending) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stuck[r.Key] = r.Line
}
