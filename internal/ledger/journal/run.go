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
	// syncEvery bounds what a crash of the machine can lose.
	syncEvery = 200 * time.Millisecond
)

// Run is an open run: its locked folder and its journal, open for writing. Its methods
// are safe for concurrent use.
type Run struct {
	folder *workdir.Folder[Head]
	file   *os.File

	mu       sync.Mutex
	head     Head
	text     []byte
	waiting  []byte // lines that are not written yet
	lines    int64  // lines that were put, including waiting ones
	written  int64  // lines that were written
	dirty    bool   // something was written since the last sync
	err      error  // the first write error; nothing is written after it
	returned bool   // err was returned to a caller

	stop chan struct{}
	done chan struct{}
}

// begin starts the background sync of an opened run.
func (r *Run) begin() *Run {
	r.stop, r.done = make(chan struct{}), make(chan struct{})
	go r.syncing()
	return r
}

// ID returns the id of the run.
func (r *Run) ID() string { return r.head.ID }

// Dir returns the folder of the run, for files that belong to it.
func (r *Run) Dir() string { return r.folder.Dir() }

// Head returns the head of the run: what it was asked to do.
func (r *Run) Head() Head {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.head
}

// Change changes the head. When it returns, the change is on disk.
func (r *Run) Change(change func(*Head)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.head)
	return r.folder.Save(r.head)
}

// Intend writes an intent. The row must not be sent until Intend has returned nil: only
// then does the line survive the death of this process.
func (r *Run) Intend(i Intent) error {
	line, err := put(r, i)
	if err != nil {
		return err
	}
	// Others that are about to send get their lines into the same write.
	runtime.Gosched()
	return r.write(line)
}

// End writes an outcome. If mayWait is set, a plain success is only written with the
// next line or sync. If the process dies before that, a later run has to find out
// whether the row was applied.
func (r *Run) End(o Outcome, mayWait bool) error {
	line, err := put(r, o)
	if err != nil || mayWait && o == (Outcome{Row: o.Row, State: Applied}) {
		return err
	}
	return r.write(line)
}

// put adds a line to the waiting ones and returns its number.
func put[L interface{ append([]byte) []byte }](r *Run, line L) (int64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return 0, r.failed()
	}
	r.text = line.append(r.text[:0])
	if workdir.SealLength+len(r.text) > workdir.MaxLine {
		return 0, errors.New("writing the journal: a line would be too long to be read again")
	}
	r.waiting = workdir.Seal(r.waiting, r.text)
	r.lines++
	return r.lines, nil
}

// write makes sure that a line, and every line before it, is written.
func (r *Run) write(line int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.flush(line)
	return r.failed()
}

// flush is write without the lock, which the caller holds. It writes all waiting lines.
func (r *Run) flush(line int64) {
	if r.err != nil || line <= r.written {
		return
	}
	if _, err := r.file.Write(r.waiting); err != nil {
		r.err = fmt.Errorf("writing the journal: %w", err)
	}
	r.waiting, r.written, r.dirty = r.waiting[:0], r.lines, true
}

// failed returns the first write error, if any.
func (r *Run) failed() error {
	r.returned = r.err != nil
	return r.err
}

// syncing syncs the written lines to disk regularly, in the background.
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

// sync writes the waiting lines and syncs the file. The next caller of put gets its
// error.
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

// Reread reads the journal back from disk, as a later run would see it.
func (r *Run) Reread() (*Replay, error) {
	r.mu.Lock()
	r.flush(r.lines)
	err := r.failed()
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

// Close saves the remaining lines and releases the run for other processes. It does not
// return a write error that a caller has already seen.
func (r *Run) Close() error { return errors.Join(r.end(), r.folder.Release()) }

// Discard closes the run and removes its folder.
func (r *Run) Discard() error { return errors.Join(r.end(), r.folder.Discard()) }

// end saves the remaining lines and closes the journal.
func (r *Run) end() error {
	close(r.stop)
	<-r.done
	r.sync()
	err := r.err
	if r.returned {
		err = nil
	}
	err = errors.Join(err, r.file.Close())
	if err == nil && r.head.Finished != nil {
		err = pack(r.Dir())
	}
	return err
}

// open opens the journal for reading and appending, and cuts off a torn last line.
func (r *Run) open() (*Replay, error) {
	file, err := os.OpenFile(r.folder.Path(linesName), os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	r.file = file
	replay, err := read(file)
	if err == nil {
		// Otherwise the next line would be appended to the torn one.
		err = file.Truncate(replay.Good)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return replay, nil
}
