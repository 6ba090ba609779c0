package peers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/bayworks/stockctl/internal/pace"
)

// maxSilence is how long a process that hangs can delay the others.
const maxSilence = 2 * time.Second

// longestJoin is how long the first request waits for a leader.
const longestJoin = 500 * time.Millisecond

// nextTry is how long a process waits for another that is about to lead. If it cannot
// follow, as a leader of another version, it tries less and less often.
const nextTry = 20 * time.Millisecond

// Join shares the pace of a gate with the other runs of the same user on this machine that
// name the same account. This run has at most so many concurrent writes. The caller must
// call end when its last request was answered.
func Join(gate *pace.Gate, writes int, account ...string) (end func()) {
	dir, err := folder(os.TempDir())
	if err != nil {
		return func() {}
	}
	return join(dir, maxSilence, gate, writes, account...)
}

func join(dir string, silence time.Duration, gate *pace.Gate, writes int, account ...string) (end func()) {
	sum := sha256.Sum256([]byte(strings.Join(account, "\x00")))
	joined := make(chan struct{})
	m := &member{
		path: filepath.Join(dir, "pace-"+hex.EncodeToString(sum[:8])), silence: silence, gate: gate, writes: writes,
		joined: sync.OnceFunc(func() { close(joined) }),
	}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { m.run(ctx) })
	select { // what is sent before would be of one's own pace
	case <-joined:
	case <-time.After(longestJoin):
	}
	return func() {
		stop()
		running.Wait()
	}
}

// member is a run that shares the pace.
type member struct {
	path    string // of the socket and the lock, without extension
	silence time.Duration
	gate    *pace.Gate
	writes  int
	joined  func() // called when the run leads or follows, or cannot
}

// run leads or follows until ctx ends.
func (m *member) run(ctx context.Context) {
	defer m.joined()
	wait := nextTry
	for ctx.Err() == nil {
		began := time.Now()
		lock := flock.New(m.path+".lock", flock.SetPermissions(0o600))
		locked, err := lock.TryLock()
		switch {
		case err != nil:
		case !locked:
			m.follow(ctx)
		case m.current(lock):
			err = m.lead(ctx)
			m.clear(lock)
		}
		_ = lock.Close() // which the end of the process does, too
		if err != nil {
			return
		}
		if wait = min(2*wait, m.silence); time.Since(began) > m.silence { // it led or followed
			wait = nextTry
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// clear removes the files of a leader that ends. If they stay, they do no harm. If others
// removed them before, these are of another leader.
func (m *member) clear(lock *flock.Flock) {
	if m.current(lock) {
		_ = os.Remove(m.socket())
		_ = os.Remove(lock.Path())
	}
}

// current reports whether others who want to lead would lock the same file. A leader that
// ends removes it.
func (m *member) current(lock *flock.Flock) bool {
	mine, err := lock.Stat()
	if err != nil {
		return false
	}
	now, err := os.Stat(lock.Path())
	return err == nil && os.SameFile(mine, now)
}

func (m *member) socket() string { return m.path + ".sock" }

// lead fails if the socket cannot be used, or if sharing holds the runs up. The caller holds
// the lock, so a socket that exists is from a process that was killed.
func (m *member) lead(ctx context.Context) error {
	if err := os.Remove(m.socket()); err != nil && !os.IsNotExist(err) {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "unix", m.socket())
	if err != nil {
		return err
	}
	if l, is := listener.(*net.UnixListener); is {
		l.SetUnlinkOnClose(false) // see clear
	}
	m.joined()
	return lead(ctx, listener, m.gate, m.link)
}

// follow returns if no process leads, or when it is lost.
func (m *member) follow(ctx context.Context) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", m.socket())
	if err != nil {
		return
	}
	follow(ctx, m.link(conn), m.gate, pace.Options{Most: m.writes, Left: m.gate.Left()}, m.joined)
}

func (m *member) link(conn net.Conn) *link { return newLink(conn, m.silence) }
