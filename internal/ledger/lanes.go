package ledger

import (
	"sync"

	"github.com/bayworks/stockctl/internal/stock"
)

const (
	// maxParked bounds the rows that are in flight or waiting for another row of their
	// record.
	maxParked = 4096
	// wakeAt is when a blocked reader wakes: at this many free places, or when fewer
	// rows than this are left to send. Waking it for each place costs more than
	// reading.
	wakeAt = 256
)

// lanes keeps the rows of one record in file order: only the first row of a lane is in
// flight, and the others wait. Rows of different records are sent concurrently.
type lanes struct {
	ready chan *pending // rows that may be sent
	all   sync.WaitGroup

	mu     sync.Mutex
	parked int                      // rows in flight or waiting
	room   *sync.Cond               // on mu: signals free places
	by     map[stock.Key][]*pending // the rows waiting behind the one in flight
	stuck  map[stock.Key]int        // lanes that ended at a held row → its line
}

func newLanes() *lanes {
	l := &lanes{ready: make(chan *pending, maxParked), by: map[stock.Key][]*pending{}, stuck: map[stock.Key]int{}}
	l.room = sync.NewCond(&l.mu)
	return l
}

// add adds a row, and blocks while there is no free place. If a held row has ended its
// lane, add refuses it and returns the line of the held row.
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

// requeue queues a row in flight for sending once more.
func (l *lanes) requeue(r *pending) { l.ready <- r }

// done removes a row and releases the next row of its lane.
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

// block ends the lane of a row that could not be decided and returns the rows waiting
// behind it. The lane accepts no more rows.
func (l *lanes) block(r *pending) []*pending {
	l.mu.Lock()
	waiting := l.by[r.Key]
	delete(l.by, r.Key)
	l.stuck[r.Key] = r.Line
	l.mu.Unlock()
	l.left()
	return waiting
}

// left frees the place of a row that has ended.
func (l *lanes) left() {
	l.mu.Lock()
	l.giveRoom()
	l.mu.Unlock()
	l.all.Done()
}

// giveRoom frees a place. The caller holds the lock.
func (l *lanes) giveRoom() {
	l.parked--
	if l.parked <= maxParked-wakeAt || len(l.ready) < wakeAt {
		l.room.Signal()
	}
}

// bar ends a lane at a row that was on hold before it was added.
func (l *lanes) bar(r *pending) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stuck[r.Key] = r.Line
}
