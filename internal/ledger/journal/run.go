package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/bayworks/stockctl/internal/workdir"
)

const (
	linesName = "journal"
	// syncEvery bounds what the death of the machine can lose.
	syncEvery = 200 * time.Millisecond
)

// Run is an open run: its folder, locked, and its journal, open for writing.
// Its methods are safe for concurrent use.
type Run struct {
	folder *workdir.Folder[Head]
	file   *os.File

	mu      sync.Mutex
	head    Head
	text    []byte
	waiting []byte // lines that are not written yet
	lines   int64  // that were put, waiting ones included
	written int64  // of them
	dirty   bool   // something was written since the last sync
	err     error  // the first failure to write: nothing is written after it
	told    bool   // of it

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
func (r *Run) Dir() string { return r.folder.Dir() }

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
	return r.folder.Save(r.head)
}

// Intend writes an intent. When it returns nil the line outlives this process;
// the row must not be sent before that.
func (r *Run) Intend(i Intent) error {
	line, err := put(r, i)
	if err != nil {
		return err
	}
	// Whoever is ready to send, too, has its line in the same write.
	runtime.Gosched()
	return r.write(line)
}

// End writes an outcome. It returns at once where that may wait for the next
// write, or sync: should the process die before, a later run has to find out what
// became of the row. Only a plain yes is allowed to wait.
func (r *Run) End(o Outcome, mayWait bool) error {
	line, err := put(r, o)
	if err != nil || mayWait && o == (Outcome{Row: o.Row, State: Applied}) {
		return err
	}
	return r.write(line)
}

// put adds a line to those that wait, and returns its number.
func put[L interface{ append([]byte) []byte }](r *Run, line L) (int64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return 0, r.tell()
	}
	r.text = line.append(r.text[:0])
	if workdir.SealLength+len(r.text) > workdir.MaxLine {
		return 0, errors.New("writing the journal: a line would be too long to be read again")
	}
	r.waiting = workdir.Seal(r.waiting, r.text)
	r.lines++
	return r.lines, nil
}

// write sees to it that a line is written, and all before it.
func (r *Run) write(line int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.flush(line)
	return r.tell()
}

// flush is write, under mu. What waits behind the line goes along.
func (r *Run) flush(line int64) {
	if r.err != nil || line <= r.written {
		return
	}
	if _, err := r.file.Write(r.waiting); err != nil {
		r.err = fmt.Errorf("writing the journal: %w", err)
	}
	r.waiting, r.written, r.dirty = r.waiting[:0], r.lines, true
}

// tell returns the failure to write, if there was one.
func (r *Run) tell() error {
	r.told = r.err != nil
	return r.err
}

// syncing sends the lines to the disk in groups, in the background.
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

// sync writes what waits and sees it safe. A failure is the answer to whoever puts
// the next line.
func (r *Run) sync() {
	r.mu.Lock()
	r.flush(r.lines)
	dirty := r.dirty
	r.dirty = false
	r.mu.Unlock()
	if !dirty {
		return
	}
	err := r.file.Sync()
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("saving the journal: %w", err)
	}
}

// Reread reads the journal back from the disk: what a later run would see.
func (r *Run) Reread() (*Replay, error) {
	r.mu.Lock()
	r.flush(r.lines)
	err := r.tell()
	r.mu.Unlock()
	if err != nil {
		return nil, err
	}
	size, err := r.file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	return read(io.NewSectionReader(r.file, 0, size))
}

// Close saves what was put and gives the run free for others. Of a failure to
// write that was told before it says nothing.
func (r *Run) Close() error { return errors.Join(r.end(), r.folder.Release()) }

// Discard closes the run and removes its folder.
func (r *Run) Discard() error { return errors.Join(r.end(), r.folder.Discard()) }

// end saves what was put, and closes the journal.
func (r *Run) end() error {
	close(r.stop)
	<-r.done
	r.sync()
	err := r.err
	if r.told {
		err = nil
	}
	err = errors.Join(err, r.file.Close())
	if err == nil && r.head.Finished != nil {
		err = pack(r.Dir())
	}
	return err
}

// open opens the journal for reading and appending, cut to its good length.
func (r *Run) open() (*Replay, error) {
	file, err := os.OpenFile(r.folder.Path(linesName), os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
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
