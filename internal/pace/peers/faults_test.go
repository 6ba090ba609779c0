package peers

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"github.com/bayworks/stockctl/internal/pace"
)

// keen sends requests through a gate until ctx ends. Some are given up while they wait,
// and some are not made. None is refused, because a limit that was learnt narrows the window.
func keen(ctx context.Context, gate *pace.Gate, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 1))
	for ctx.Err() == nil {
		kind := pace.Kind(random.IntN(2))
		waits, cancel := context.WithTimeout(ctx, time.Duration(random.IntN(3_000))*time.Microsecond)
		ticket, err := gate.Enter(waits, kind)
		cancel()
		if err != nil {
			continue
		}
		if random.IntN(4) > 0 {
			gate.Depart(ticket)
		}
		time.Sleep(time.Duration(random.IntN(1_000)) * time.Microsecond)
		switch random.IntN(40) {
		case 0:
			gate.Cancel(ticket)
		case 1:
			gate.Leave(ticket, kind, pace.Good, time.Millisecond)
		default:
			gate.Leave(ticket, kind, pace.Good, 0)
		}
	}
}

// Whatever breaks, no request in flight is counted for ever, and none is forgotten.
func TestRandomFaults(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	gates := make([]*pace.Gate, 4)
	for i := range gates {
		gates[i] = pace.NewGate()
		gates[i].Open(pace.Options{Most: 4, Seek: true, Left: 1e6})
		gates[i].Hear(pace.Stated{Rate: 5000})
	}
	var group sync.WaitGroup
	for i, gate := range gates {
		for j := range 6 {
			group.Go(func() { keen(ctx, gate, uint64(10*i+j)) })
		}
	}
	group.Go(func() {
		_ = lead(ctx, listener, gates[0], func(c net.Conn) *link {
			time.AfterFunc(time.Duration(rand.IntN(100))*time.Millisecond, func() { _ = c.Close() })
			return newLink(c, silent)
		})
	})
	var followed atomic.Int64
	for _, gate := range gates[1:] {
		group.Go(func() {
			for ctx.Err() == nil {
				conn, err := (&net.Dialer{}).DialContext(ctx, "unix", listener.Addr().String())
				if err != nil {
					continue
				}
				during, end := context.WithTimeout(ctx, time.Duration(rand.IntN(100))*time.Millisecond)
				follow(during, newLink(conn, silent), gate, pace.Options{Most: 4, Left: 100}, func() { followed.Add(1) })
				end()
			}
		})
	}
	group.Wait()
	if followed.Load() < 30 {
		t.Errorf("only %d times, a gate followed", followed.Load())
	}
	for i, gate := range gates {
		gate.Open(pace.Options{Most: 4}) // as wide as it can be
		eventually(t, "without a pause", func() bool { return gate.Report().Paused == 0 })
		if got := len(enterAll(t, gate)); got != 4 {
			t.Errorf("gate %d lets %d requests be in flight, want 4", i, got)
		}
	}
}

// The requests that waited at a leader do not leave in its pause when it ends.
func TestTheLeaderEndsInAPause(t *testing.T) {
	for range 8 {
		leader, follower, endLeader, _ := pair(t, 0)
		leader.Leave(enterGate(t, leader), pace.Write, pace.Refused, 30*time.Second)
		eventually(t, "paused", func() bool { return follower.Report().Paused > 0 })
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		for range 16 {
			group.Go(func() {
				if ticket, err := follower.Enter(ctx, pace.Write); err == nil {
					t.Error("a request left in the pause")
					follower.Cancel(ticket)
				}
			})
		}
		time.Sleep(5 * time.Millisecond)
		endLeader()
		time.Sleep(5 * time.Millisecond)
		cancel()
		group.Wait()
	}
}

// dial returns a link to the leader in a folder.
func dial(t *testing.T, dir string) *link {
	t.Helper()
	conn, err := net.Dial("unix", socketIn(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	l := newLink(conn, 5*time.Second)
	t.Cleanup(l.close)
	return l
}

// What no run of this version sends ends the link, and nothing else.
func TestUnsoundMessages(t *testing.T) {
	hi := message{Op: hello, Options: pace.Options{Most: 4}}
	for name, sent := range map[string][]message{
		"no hello":         {{Op: enter, ID: 1}},
		"another kind":     {hi, {Op: enter, ID: 1, Kind: 7}},
		"a negative kind":  {hi, {Op: enter, ID: 1, Kind: -1}},
		"the same number":  {hi, {Op: enter, ID: 1}, {Op: enter, ID: 1}},
		"too many writes":  {{Op: hello, Options: pace.Options{Most: 1 << 62}}},
		"an infinite rate": {hi, {Op: hear, Stated: pace.Stated{Rate: 1e300}}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			gate, _ := start(t, dir, 0)
			l := dial(t, dir)
			for _, m := range sent {
				l.send(m)
			}
			began := time.Now()
			for _, err := l.receive(); err == nil; {
				_, err = l.receive()
			}
			if took := time.Since(began); took > silent/2 {
				t.Errorf("the link ended after %v", took)
			}
			eventually(t, "free", func() bool { return len(enterAll(t, gate)) == 4 })
		})
	}
}

// A message with more fields or another operation, as of a later version, is no error.
func TestALaterVersion(t *testing.T) {
	dir := t.TempDir()
	start(t, dir, 0)
	l := dial(t, dir)
	for _, m := range []any{
		struct {
			Op      op
			Options pace.Options
			New     map[string]string
		}{hello, pace.Options{Most: 4}, map[string]string{"a": "b"}},
		message{Op: 99},
		message{Op: enter, ID: 3},
	} {
		l.mu.Lock()
		err := l.out.Encode(m)
		l.change()
		l.mu.Unlock()
		if err != nil {
			t.Fatal(err)
		}
	}
	for {
		m, err := l.receive()
		if err != nil {
			t.Fatal(err)
		}
		if m.Op == admit {
			return
		}
	}
}

// A gate is never locked while the other side does not read.
func TestNothingWaitsForTheOtherSide(t *testing.T) {
	here, there := net.Pipe() // it holds nothing that was not read
	defer there.Close()
	l := newLink(here, silent)
	f := &follower{link: l, lost: make(chan struct{}), waiting: map[uint64]chan struct{}{}}
	gate := pace.NewGate()
	gate.Open(pace.Options{Most: 4, Seek: true})
	ticket := enterGate(t, gate)
	gate.Follow(f)
	began := time.Now()
	gate.Leave(ticket, pace.Write, pace.Refused, time.Second) // which the leader should know
	for range 1000 {
		f.Depart(1)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := gate.Enter(ctx, pace.Write); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a request: %v", err)
	}
	gate.Report()
	if took := time.Since(began); took > silent/2 {
		t.Errorf("all of this took %v", took)
	}
	l.close()
	if took := time.Since(began); took > silent {
		t.Errorf("until the end of the link, it took %v", took)
	}
}

// A cleaner may remove the files of a run that takes days. The next run then leads, too,
// and the end of the first one does not concern it.
func TestFilesOfALeaderAreRemoved(t *testing.T) {
	dir := t.TempDir()
	_, end := start(t, dir, 0)
	name := socketIn(t, dir)
	for _, one := range []string{name, strings.TrimSuffix(name, ".sock") + ".lock"} {
		if err := os.Remove(one); err != nil {
			t.Fatal(err)
		}
	}
	start(t, dir, 0)
	socketIn(t, dir)
	end()
	conn, err := net.Dial("unix", name)
	if err != nil {
		t.Fatalf("after the end of the first leader: %v", err)
	}
	_ = conn.Close()
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("the files are %v, %v, want a socket and a lock", left, err)
	}
}

// A run that cannot follow does not disturb the leader all the time.
func TestALeaderWithoutAnAnswer(t *testing.T) {
	dir := t.TempDir()
	name, listener := inItsPlace(t, dir)
	var met atomic.Int64
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			met.Add(1)
			_ = conn.Close()
		}
	}()
	lock := flock.New(strings.TrimSuffix(name, ".sock") + ".lock")
	if _, err := lock.TryLock(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lock.Close() })
	start(t, dir, 0)
	time.Sleep(2 * time.Second)
	if got := met.Load(); got < 2 || got > 12 {
		t.Errorf("%d attempts in two seconds", got)
	}
}

// scarce is a listener that fails for a while, as without free file descriptors.
type scarce struct {
	net.Listener
	fails atomic.Int64
}

func (s *scarce) Accept() (net.Conn, error) {
	if s.fails.Add(-1) >= 0 {
		return nil, errors.New("too many open files")
	}
	return s.Listener.Accept()
}

func TestALeaderLacksFiles(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	listener, err := (&net.ListenConfig{}).Listen(ctx, "unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	s := &scarce{Listener: listener}
	s.fails.Store(3)
	over := make(chan struct{})
	go func() {
		_ = lead(ctx, s, pace.NewGate(), func(c net.Conn) *link { return newLink(c, silent) })
		close(over)
	}()
	conn, err := net.Dial("unix", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	l := newLink(conn, 5*time.Second)
	defer l.close()
	l.send(message{Op: hello, Options: pace.Options{Most: 1}})
	if m, err := l.receive(); err != nil || m.Op != alive {
		t.Errorf("the leader answers %+v, %v", m, err)
	}
	cancel()
	<-over
}

// If the requests of one run are not answered, as without a network, the others do not wait
// for them.
func TestARunIsStuck(t *testing.T) {
	for _, whose := range []string{"leader", "follower"} {
		t.Run(whose, func(t *testing.T) {
			stuck, other, _, _ := pair(t, 0)
			if whose == "follower" {
				stuck, other = other, stuck
			}
			stuck.Hear(pace.Stated{Rate: 1000})
			for n := 0; n < 8; n++ { // more than one run may have in flight
				ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
				defer cancel()
				if _, err := stuck.Enter(ctx, pace.Write); err != nil {
					break
				}
			}
			for range 3 {
				other.Leave(enterGate(t, other), pace.Write, pace.Good, 0)
			}
		})
	}
}
