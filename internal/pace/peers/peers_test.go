package peers

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/pace"
)

// silent is short, so that tests of a leader that hangs do not take long.
const silent = 400 * time.Millisecond

// start returns the gate of a run that shares its pace with the others in dir, and what
// ends the run.
func start(t *testing.T, dir string, left int64) (*pace.Gate, func()) {
	t.Helper()
	gate := pace.NewGate()
	gate.Open(pace.Options{Most: 4, Seek: true, Left: left})
	end := join(dir, silent, gate, 4, "https://api.example.com", "store")
	t.Cleanup(end)
	return gate, end
}

// eventually waits for what another goroutine does.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("after 20 s: not %s", what)
		}
	}
}

// socketIn waits for the socket of a leader, and returns its path.
func socketIn(t *testing.T, dir string) (name string) {
	t.Helper()
	eventually(t, "a socket", func() bool {
		found, err := filepath.Glob(filepath.Join(dir, "*.sock"))
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 1 {
			name = found[0]
		}
		return name != ""
	})
	return name
}

// inItsPlace returns a listener at the socket of a leader that has ended.
func inItsPlace(t *testing.T, dir string) (string, net.Listener) {
	t.Helper()
	_, end := start(t, dir, 0)
	name := socketIn(t, dir)
	end()
	listener, err := net.Listen("unix", name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return name, listener
}

func enterGate(t *testing.T, g *pace.Gate) *pace.Ticket {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	ticket, err := g.Enter(ctx, pace.Write)
	if err != nil {
		t.Fatal(err)
	}
	return ticket
}

// pair starts a leader and a run that follows it.
func pair(t *testing.T, left int64) (leader, follower *pace.Gate, endLeader, endFollower func()) {
	t.Helper()
	dir := t.TempDir()
	leader, endLeader = start(t, dir, left)
	socketIn(t, dir)
	leader.Hear(pace.Stated{Rate: 100})
	for range 20 { // a limit is reported after as many requests
		leader.Leave(enterGate(t, leader), pace.Write, pace.Good, 0)
	}
	follower, endFollower = start(t, dir, left)
	eventually(t, "following", func() bool { return follower.Report().PerSecond > 0 })
	return leader, follower, endLeader, endFollower
}

// enterAll returns the requests that may be in flight at a time. They have ended.
func enterAll(t *testing.T, g *pace.Gate) (all []*pace.Ticket) {
	t.Helper()
	for {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		ticket, err := g.Enter(ctx, pace.Write)
		if err != nil {
			break
		}
		all = append(all, ticket)
	}
	for _, one := range all {
		g.Cancel(one)
	}
	return all
}

// Two runs together send no more than one would.
func TestRunsShareOnePace(t *testing.T) {
	leader, follower, _, _ := pair(t, 0)
	began := time.Now()
	for range 25 {
		leader.Leave(enterGate(t, leader), pace.Write, pace.Good, 0)
		ticket := enterGate(t, follower)
		follower.Depart(ticket)
		follower.Leave(ticket, pace.Write, pace.Good, 0)
	}
	if took := time.Since(began); took < 400*time.Millisecond {
		t.Errorf("50 requests at 100 a second took %v", took)
	}
	if got := follower.Report().PerSecond; got < 50 || got > 110 {
		t.Errorf("the follower reports %.0f a second", got)
	}
}

// What the API asks one run is obeyed by all.
func TestAPauseIsForAll(t *testing.T) {
	leader, follower, _, _ := pair(t, 0)
	follower.Leave(enterGate(t, follower), pace.Write, pace.Refused, time.Minute)
	eventually(t, "paused", func() bool { return leader.Report().Paused > 50*time.Second })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := follower.Enter(ctx, pace.Write); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the follower's request: %v, want none within the pause", err)
	}
	if _, err := leader.Enter(ctx, pace.Write); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the leader's request: %v, want none within the pause", err)
	}
}

// When the leader ends, the other continues with what it had learnt, and leads.
func TestTheLeaderEnds(t *testing.T) {
	leader, follower, endLeader, _ := pair(t, 0)
	leader.Leave(enterGate(t, leader), pace.Write, pace.Refused, 30*time.Second)
	eventually(t, "paused", func() bool { return follower.Report().Paused > 0 })
	waiting := make(chan error, 1)
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		_, err := follower.Enter(ctx, pace.Write)
		waiting <- err
	}()
	endLeader()
	third, _ := start(t, t.TempDir(), 0) // another folder: it shares nothing
	if got := third.Report(); got.PerSecond > 0 || got.Paused > 0 {
		t.Errorf("a run of another folder knows %+v", got)
	}
	if got := follower.Report(); got.PerSecond < 50 || got.Paused < 20*time.Second {
		t.Errorf("after the leader ended, the follower knows %+v, want its limit and its pause", got)
	}
	stop := errors.New("stop")
	cancel(stop)
	if err := <-waiting; !errors.Is(err, stop) {
		t.Errorf("the request that waited at the leader: %v, want %v", err, stop)
	}
}

// A leader that hangs delays the others only for a moment.
func TestTheLeaderHangs(t *testing.T) {
	name, listener := inItsPlace(t, t.TempDir())
	admitted := make(chan bool)
	go func() { // leads, admits one request, and hangs
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		l := newLink(conn, silent)
		l.send(message{Op: alive})
		for {
			m, err := l.receive()
			if err != nil {
				return
			}
			if m.Op == enter {
				l.send(message{Op: admit, ID: m.ID})
				close(admitted)
				return
			}
		}
	}()
	gate := pace.NewGate()
	gate.Open(pace.Options{Most: 1, Seek: true})
	running := make(chan struct{})
	m := member{path: strings.TrimSuffix(name, ".sock"), silence: silent, gate: gate, writes: 1, joined: func() {}}
	go func() {
		m.follow(t.Context())
		close(running)
	}()
	var first *pace.Ticket
	eventually(t, "following", func() bool {
		ticket := enterGate(t, gate)
		select {
		case <-admitted:
			first = ticket
			return true
		default:
			gate.Cancel(ticket)
			return false
		}
	})
	<-running
	waits, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := gate.Enter(waits, pace.Write); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second request beside the one that is still in flight: %v", err)
	}
	gate.Leave(first, pace.Write, pace.Good, 0)
	gate.Cancel(enterGate(t, gate))
}

// A follower that is gone keeps neither a place among the concurrent requests nor writes
// that are left.
func TestAFollowerIsGone(t *testing.T) {
	leader, follower, _, endFollower := pair(t, 100)
	eventually(t, "joined", func() bool { return leader.Left() > 100 })
	for range 3 {
		enterGate(t, follower) // and never left
	}
	follower.Leave(enterGate(t, follower), pace.Write, pace.Good, 0)
	endFollower()
	eventually(t, "dismissed", func() bool { return leader.Left() <= 80 })
	if got := leader.Left(); got != 80 {
		t.Errorf("%d writes are left, want 80", got)
	}
	if got := len(enterAll(t, leader)); got < 4 {
		t.Errorf("%d requests may be in flight, want 4", got)
	}
}

// A request that is no longer wanted is not released later.
func TestACancelledRequest(t *testing.T) {
	dir := t.TempDir()
	leader, _ := start(t, dir, 0)
	conn, err := net.Dial("unix", socketIn(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	leader.Leave(enterGate(t, leader), pace.Write, pace.Refused, silent/4)
	l := newLink(conn, 20*time.Second)
	defer l.close()
	for _, m := range []message{
		{Op: hello, Options: pace.Options{Most: 4}}, {Op: enter, ID: 1}, {Op: enter, ID: 2}, {Op: cancel, ID: 1},
	} {
		l.send(m)
	}
	for {
		m, err := l.receive()
		if err != nil {
			t.Fatal(err)
		}
		if m.Op == admit {
			if m.ID != 2 {
				t.Errorf("request %d was released, want 2", m.ID)
			}
			return
		}
	}
}

// What another program writes to the socket does no harm.
func TestNonsenseOnTheSocket(t *testing.T) {
	dir := t.TempDir()
	gate, _ := start(t, dir, 0)
	name := socketIn(t, dir)
	for _, text := range []string{"", "GET / HTTP/1.1\r\n\r\n", strings.Repeat("\xff", 1<<16)} {
		conn, err := net.Dial("unix", name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = conn.Write([]byte(text)) // the leader may have closed it already
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
	}
	gate.Cancel(enterGate(t, gate))
}

// The socket of a run that was killed does not prevent the next one from leading.
func TestASocketIsLeft(t *testing.T) {
	dir := t.TempDir()
	_, end := start(t, dir, 0)
	name := socketIn(t, dir)
	end()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("after the only run: %v, %v, want no files", left, err)
	}
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, dir, 0)
	eventually(t, "leading", func() bool {
		conn, err := net.Dial("unix", name)
		return err == nil && conn.Close() == nil
	})
}

// Without a usable socket, a run keeps its own pace.
func TestNoSocket(t *testing.T) {
	for _, dir := range []string{filepath.Join(t.TempDir(), "missing"), filepath.Join(t.TempDir(), strings.Repeat("long", 60))} {
		if strings.Contains(dir, "long") {
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		gate, end := start(t, dir, 0)
		gate.Cancel(enterGate(t, gate))
		end()
	}
}
