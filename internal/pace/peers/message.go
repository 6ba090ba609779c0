package peers

import (
	"bytes"
	"encoding/gob"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/pace"
)

// op is what a message is about.
type op int

const (
	hello  op = iota + 1 // from a follower, with its options: it has joined
	enter                // from a follower: a request waits
	admit                // from the leader: the request may leave
	depart               // from a follower, as are the next ones: it has left
	leave                // it was answered
	cancel               // it will not be sent
	hear                 // the API stated a limit
	alive                // from both, regularly. The leader sends its report with it
)

// message is what leader and follower send each other. Its fields depend on the op.
type message struct {
	Op      op
	ID      uint64 // of a request, chosen by the follower
	Kind    pace.Kind
	Answer  pace.Answer
	After   time.Duration
	Options pace.Options
	Stated  pace.Stated
	Report  pace.Report
}

var errUnsound = errors.New("a message that no run sends")

// sound reports whether a gate can use what is in a message. It may be from another version,
// or from a program that only seems to be a run.
func (m *message) sound() bool {
	kind := m.Kind == pace.Write || m.Kind == pace.Read
	options := m.Options.Most >= 0 && m.Options.Most <= mostAsked && m.Options.Left >= 0
	stated := m.Stated.Rate >= 0 && m.Stated.Rate <= highest && m.Stated.Limit >= 0 && m.Stated.Limit <= highest
	return kind && options && stated
}

// highest is more than the requests per second that any API states.
const highest = 1e12

// link sends and receives messages. Both sides send one at least every so often, so one
// that is silent for longer than silence is gone or hangs.
type link struct {
	conn    net.Conn
	silence time.Duration
	in      *gob.Decoder

	mu      sync.Mutex
	out     *gob.Encoder // to the queue
	queue   bytes.Buffer // sent, but not yet written to the connection
	ending  bool
	changed chan struct{} // has a value after a change of these
	closed  chan struct{} // closed when the connection is
}

func newLink(conn net.Conn, silence time.Duration) *link {
	l := &link{
		conn: conn, silence: silence, in: gob.NewDecoder(conn),
		changed: make(chan struct{}, 1), closed: make(chan struct{}),
	}
	l.out = gob.NewEncoder(&l.queue)
	go l.write()
	return l
}

// send does not wait, because the caller may hold the lock of a gate.
func (l *link) send(m message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ending {
		return
	}
	if err := l.out.Encode(m); err != nil {
		l.ending = true
	}
	l.change()
}

// change wakes write. The caller holds the lock.
func (l *link) change() {
	select {
	case l.changed <- struct{}{}:
	default:
	}
}

// write writes the queue until the link ends. A busy run sends many messages at a time, so
// that one call of the system is enough for them.
func (l *link) write() {
	defer close(l.closed)
	var spare []byte
	for range l.changed {
		l.mu.Lock()
		spare = append(spare[:0], l.queue.Bytes()...)
		l.queue.Reset()
		ending, within := l.ending, l.silence
		if ending {
			within = lastWords
		}
		err := l.conn.SetWriteDeadline(time.Now().Add(within))
		l.mu.Unlock()
		if err == nil {
			_, err = l.conn.Write(spare)
		}
		if err != nil || ending {
			break
		}
	}
	_ = l.conn.Close() // both sides notice the end
}

func (l *link) receive() (m message, err error) {
	if err := l.conn.SetReadDeadline(time.Now().Add(l.silence)); err != nil {
		return m, err
	}
	if err = l.in.Decode(&m); err == nil && !m.sound() {
		err = errUnsound
	}
	return m, err
}

// lastWords is how long the end of a link can wait for the other side to read.
const lastWords = 50 * time.Millisecond

// close ends the connection after all that was sent.
func (l *link) close() {
	l.mu.Lock()
	if !l.ending {
		l.ending = true
		_ = l.conn.SetDeadline(time.Now().Add(lastWords)) // or it is closed already
		l.change()
	}
	l.mu.Unlock()
	<-l.closed
}

// beat sends a message regularly until done is closed.
func (l *link) beat(done <-chan struct{}, next func() message) {
	tick := time.NewTicker(l.silence / 8)
	defer tick.Stop()
	for {
		l.send(next())
		select {
		case <-done:
			return
		case <-tick.C:
		}
	}
}
