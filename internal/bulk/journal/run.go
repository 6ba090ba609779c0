package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

const (
	linesName = "journal"
	lockName  = "lock"
	// claimsName is no run's name.
	claimsName = "claims"
	// syncEvery bounds what the death of the machine can lose.
	syncEvery = 200 * time.Millisecond
)

// Run is an open run: its folder, locked, and its journal, open for writing.
// Its methods are safe for concurrent use.
type Run struct {
	dir  string
	lock *flock.Flock
	file *os.File

	mu    sync.Mutex
	head  Head
	text  []byte
	line  []byte
	dirty bool
	err   error // the first failure to write: nothing is written after it

	stop chan struct{}
	done chan struct{}
}

// begin starts the background sync of an opened run.
func (r *Run) begin() *Run {
	r.stop, r.done = make(chan struct{}), make(chan struct{})
	go r.syncing()
	return r
}

// ID is the run's name.
func (r *Run) ID() string { return r.head.ID }

// Dir is the run's folder, for what must stay with it.
func (r *Run) Dir() string { return r.dir }

// Head returns what the run was asked to do.
func (r *Run) Head() Head {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.head
}

// Change changes the head, and returns when it is on disk.
func (r *Run) Change(change func(*Head)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.head)
	return r.head.write(r.dir)
}

// Intend writes an intent. When it returns nil the line outlives this process;
// the row must not be sent before that.
func (r *Run) Intend(i Intent) error { return r.put(i.append) }

// End writes an outcome.
func (r *Run) End(o Outcome) error { return r.put(o.append) }

func (r *Run) put(appendTo func([]byte) []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return r.err
	}
	r.text = appendTo(r.text[:0])
	r.line = seal(r.line[:0], r.text)
	if len(r.line) > maxLine {
		return errors.New("writing the journal: a line would be too long to be read again")
	}
	if _, err := r.file.Write(r.line); err != nil {
		r.err = fmt.Errorf("writing the journal: %w", err)
	}
	r.dirty = true
	return r.err
}

// syncing sends the written lines to the disk in groups. Nobody waits for it.
func (r *Run) syncing() {
	defer close(r.done)
	tick := time.NewTicker(syncEvery)
	defer tick.Stop()
	for {
		select {
		case <-r.stop:
			return
		case <-tick.C:
			r.sync()
		}
	}
}

func (r *Run) sync() {
	r.mu.Lock()
	dirty := r.dirty
	r.dirty = false
	r.mu.Unlock()
	if !dirty {
		return
	}
	if err := r.file.Sync(); err != nil {
		r.mu.Lock()
		r.err = errors.Join(r.err, fmt.Errorf("saving the journal: %w", err))
		r.mu.Unlock()
	}
}

// Reread reads the journal back from the disk: what a later run would see.
func (r *Run) Reread() (*Replay, error) {
	size, err := r.file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	return read(io.NewSectionReader(r.file, 0, size))
}

// Close saves what was written and gives the run free for others.
func (r *Run) Close() error {
	close(r.stop)
	<-r.done
	r.sync()
	return errors.Join(r.err, r.file.Close(), r.lock.Unlock())
}

// Discard closes the run and removes its folder.
func (r *Run) Discard() error {
	return errors.Join(r.Close(), os.RemoveAll(r.dir))
}

// open opens the journal for reading and appending, cut to its good length.
func (r *Run) open() (*Replay, error) {
	file, err := os.OpenFile(filepath.Join(r.dir, linesName), os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	r.file = file
	replay, err := read(file)
	if err == nil {
		// A torn line would run into the next one that is written.
		err = file.Truncate(replay.Good)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return replay, nil
}
