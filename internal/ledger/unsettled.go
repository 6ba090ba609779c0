package ledger

import (
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
)

// markEvery is how often the log's end is noted while all goes well, so that a
// sweep has little to read.
const markEvery = 30 * time.Second

// unsettled settles movements whose answer was lost, one sweep of the log at a
// time for all that wait.
type unsettled struct {
	adjuster
	log     *settle.Settler // on the client that may wait
	timeout time.Duration
	wake    chan struct{}
	over    chan struct{} // closed: no row will come any more
	gone    chan struct{} // closed when the sweeper has ended

	mu     sync.Mutex
	rows   map[string]*pending // by token
	marks  []settle.Mark       // oldest first
	proofs [2]proof            // of the two carriers
	resent map[string]journal.Intent
	failed time.Time // when sweeps began to fail
}

func newUnsettled(m adjuster, mark settle.Mark) *unsettled {
	d := &unsettled{
		adjuster: m, log: settle.New(m.run.env.Reader), timeout: m.run.env.Reader.Timeout(),
		wake: make(chan struct{}, 1), over: make(chan struct{}), gone: make(chan struct{}),
		rows: map[string]*pending{}, marks: []settle.Mark{mark}, resent: m.run.before.Resent,
	}
	return d
}

// add takes a row in doubt.
func (d *unsettled) add(row *pending) {
	d.mu.Lock()
	d.rows[row.Token] = row
	d.mu.Unlock()
	d.nudge()
}

func (d *unsettled) nudge() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// settle runs until the sender says that no row will come, or the run stops.
func (d *unsettled) settle() {
	defer close(d.gone)
	pause := max(min(d.timeout/4, 2*time.Second), 10*time.Millisecond)
	noted := time.Now()
	for {
		select {
		case <-d.over:
			return
		case <-d.stop.Done():
			d.release()
			return
		case <-time.After(markEvery):
		case <-d.wake:
		}
		d.round()
		if time.Since(noted) > markEvery {
			noted = time.Now()
			d.note()
		}
		if d.waiting() {
			// What waits is looked at again, but not without a breath.
			if rest(d.stop, pause, d.over) == nil {
				d.nudge()
			}
		}
	}
}

// waiting tells whether anything is undecided.
func (d *unsettled) waiting() bool {
	if d.unproven() {
		return true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.rows) > 0
}

// release gives up what a stopped run cannot settle any more; a row may still
// come in from a request that was under way.
func (d *unsettled) release() {
	for {
		d.mu.Lock()
		rows := d.rows
		d.rows = map[string]*pending{}
		d.mu.Unlock()
		for _, row := range rows {
			d.leave(row)
		}
		select {
		case <-d.over:
			return
		case <-d.wake:
		}
	}
}

// note adds the log's end as it is now. A failure costs only speed.
func (d *unsettled) note() {
	if mark, err := d.log.Mark(d.stop); err == nil {
		d.mu.Lock()
		d.marks = append(d.marks, mark)
		d.mu.Unlock()
	}
}

// due takes the rows that a sweep can say something about, and the newest mark
// that lies before all of them.
func (d *unsettled) due(now time.Time) (rows []*pending, since settle.Mark) {
	d.mu.Lock()
	defer d.mu.Unlock()
	oldest := now
	for _, row := range d.rows {
		if !row.swept || now.Sub(row.doubtAt) >= d.timeout {
			rows = append(rows, row)
			if row.first.Before(oldest) {
				oldest = row.first
			}
		}
	}
	for _, p := range d.proofs {
		if p.token != "" && !p.proven {
			oldest = d.marks[0].At // its sending may lie long before its answer
		}
	}
	since = d.marks[0]
	for _, m := range d.marks {
		if m.At.Before(oldest) {
			since = m
		}
	}
	return rows, since
}

// round is one sweep.
func (d *unsettled) round() {
	began := time.Now()
	rows, since := d.due(began)
	if len(rows) == 0 && !d.unproven() {
		return
	}
	entries, maybe := make(map[string]api.Movement, len(rows)), map[string]bool{}
	var unsure []*pending // of carriers that have not shown a token yet
	for _, row := range rows {
		entries[row.Token] = api.Movement{}
		if !d.proven(row) {
			unsure = append(unsure, row)
		}
	}
	missing, newest := len(rows), settle.Mark{}
	err := d.log.Sweep(d.stop, since, func(entry api.Movement) bool {
		if newest.At.IsZero() {
			newest = settle.Mark{Newest: entry.ID, At: time.Now()}
		}
		token := settle.TokenOf(entry)
		if token == "" {
			for _, row := range unsure {
				like := settle.Likeness{RecordID: row.Record, Qty: row.Change.Qty, InNotes: carrier(row) == byNotes}
				maybe[row.Token] = maybe[row.Token] || d.log.MayBe(entry, like, row.first)
			}
			return true
		}
		if before, wanted := entries[token]; wanted {
			if settle.TokenOf(before) == "" { // not seen yet
				missing--
			}
			entries[token] = entry
		}
		d.prove(entry, token)
		return missing > 0 || d.unproven()
	})
	if err != nil {
		d.unreadable(rows, err)
		return
	}
	d.mu.Lock()
	d.failed = time.Time{}
	if !newest.At.IsZero() {
		d.marks = append(d.marks, newest)
	}
	d.mu.Unlock()
	d.disprove(began)
	for _, row := range rows {
		d.decide(row, entries[row.Token], maybe[row.Token], began)
	}
}
