package peers

import (
	"encoding/gob"
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

// link sends and receives messages. Both sides send one at least every so often, so one
// that is silent for longer than silence is gone or hangs.
type link struct {
	conn    net.Conn
	silence time.Duration
	in      *gob.Decoder

	mu  sync.Mutex // for sending
	out *gob.Encoder
}

func newLink(conn net.Conn, silence time.Duration) *link {
	return &link{conn: conn, silence: silence, in: gob.NewDecoder(conn), out: gob.NewEncoder(conn)}
}

// send closes the connection if it fails, so that the receiver ends.
func (l *link) send(m message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	err := l.conn.SetWriteDeadline(time.Now().Add(l.silence))
	if err == nil {
		err = l.out.Encode(m)
	}
	if err != nil {
		l.close()
	}
}

func (l *link) receive() (m message, err error) {
	if err := l.conn.SetReadDeadline(time.Now().Add(l.silence)); err != nil {
		return m, err
	}
	err = l.in.Decode(&m)
	return m, err
}

// close ends the connection. Nothing is lost by an error: both sides notice the end.
func (l *link) close() { _ = l.conn.Close() }

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
