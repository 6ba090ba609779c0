package transfer

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
	"github.com/bayworks/stockctl/internal/workdir"
)

// BatchWork is a batch that only this process works on.
type BatchWork struct {
	env    Env
	head   Batch
	folder *workdir.Folder[Batch]
	plain  atomic.Bool // the API refuses the actions of a transfer

	mu      sync.Mutex
	endings []Ending
	file    *os.File
}

// BeginBatch writes a batch to disk before anything is sent. It fills in ID, Profile,
// BaseURL, Started and the references of the moves.
func (e Env) BeginBatch(store Batches, b Batch) (*BatchWork, error) {
	b.ID, b.Profile, b.BaseURL, b.Started = newBatchID(), e.Profile, e.BaseURL, e.Now()
	for i := range b.Moves {
		b.Moves[i].Plan.Reference = NewReference()
	}
	folder, err := store.batches().New(b.ID)
	if err != nil {
		return nil, err
	}
	w := &BatchWork{env: e, head: b, folder: folder}
	if err = w.open(); err == nil {
		err = folder.Save(b)
	}
	if err != nil {
		return nil, errors.Join(err, w.discard())
	}
	return w, nil
}

// OpenBatch opens a batch of this machine to continue it.
func (e Env) OpenBatch(store Batches, id string) (*BatchWork, error) {
	folder, head, err := store.batches().Open(id)
	if err != nil {
		return nil, err
	}
	if head.BaseURL != e.BaseURL {
		return nil, errors.Join(failure.Usagef("the transfers %s belong to profile %s (%s)", id, head.Profile, head.BaseURL).
			Hint("add `--profile %s`", failure.Arg(head.Profile)), folder.Release())
	}
	w := &BatchWork{env: e, head: head, folder: folder}
	if err := w.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("transfers %s: %w", id, err), folder.Release())
	}
	return w, nil
}

// open reads the endings of the moves, and opens the file for appending.
func (w *BatchWork) open() (err error) {
	w.endings = make([]Ending, len(w.head.Moves))
	for i := range w.endings {
		w.endings[i].State = NotBegun
	}
	if w.file, err = os.OpenFile(w.folder.Path(endingsName), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600); err != nil {
		return err
	}
	whole, err := readEndings(w.file, w.endings)
	if err == nil {
		err = w.file.Truncate(whole)
	}
	return err
}

func (w *BatchWork) discard() error {
	var closed error
	if w.file != nil {
		closed = w.file.Close()
	}
	return errors.Join(closed, w.folder.Discard())
}

// Close releases the batch for other processes.
func (w *BatchWork) Close() error {
	return errors.Join(w.file.Sync(), w.file.Close(), w.folder.Release())
}

// Head returns the batch.
func (w *BatchWork) Head() Batch { return w.head }

// Endings returns the states of the moves, in their order.
func (w *BatchWork) Endings() []Ending { return w.endings }

// end records the state of a move on disk.
func (w *BatchWork) end(i int, e Ending) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.endings[i] = e
	text, err := json.Marshal(ending{i, e})
	if err == nil {
		_, err = w.file.Write(workdir.Seal(nil, text))
	}
	if err == nil {
		err = w.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("recording what was moved: %w", err)
	}
	return nil
}

// stale is the maximum age of a batch that can be resumed. The plans of its transfers,
// which say what was sent, are kept as long as all finished work.
const stale = workdir.Finished - 24*time.Hour

// Run makes the remaining moves or, if an undo has begun, continues the undo. It makes
// the moves of one item one after another, and those of different items concurrently,
// with at most this many workers. When stop ends, no further move begins; requests use
// send. An error means that the run ended early.
func (w *BatchWork) Run(stop, send context.Context, workers int, show func(done, of int)) error {
	switch {
	case w.head.Undoing:
		return w.allBack(stop, send, workers, show)
	case w.env.Now().Sub(w.head.Started) > stale:
		return failure.New(failure.Refused, "the transfers %s were started on %s, too long ago to continue", w.head.ID, w.head.Started.Format(time.DateOnly)).
			Hint("put the remaining moves into a new file, or take the rest back with `stockctl inventory transfer undo %s`", w.head.ID)
	}
	return w.each(stop, send, workers, w.forward, show)
}

// Undo reverses the moves, the last one first.
func (w *BatchWork) Undo(stop, send context.Context, workers int, show func(done, of int)) error {
	w.head.Undoing, w.head.Finished = true, nil
	if err := w.folder.Save(w.head); err != nil {
		return err
	}
	return w.allBack(stop, send, workers, show)
}

// allBack reverses the moves. It reads the log once for all transfers.
func (w *BatchWork) allBack(stop, send context.Context, workers int, show func(done, of int)) (err error) {
	if w.env.seen, err = w.copyLog(stop); err != nil {
		return fmt.Errorf("reading the movement log: %w", err)
	}
	return w.each(stop, send, workers, w.back, show)
}

// copyLog reads the log entries of the transfers to be undone. It returns nil if there
// are none.
func (w *BatchWork) copyLog(ctx context.Context) (*settle.Log, error) {
	var references []string
	var since time.Time
	for i, m := range w.head.Moves {
		if w.over(i) {
			continue
		}
		p, err := w.env.Store.Plan(m.Plan.Reference)
		if err != nil {
			continue // taking it back will report what is wrong
		}
		if from := w.env.since(&p); len(references) == 0 || from.Before(since) {
			since = from
		}
		references = append(references, p.Reference)
	}
	if len(references) == 0 {
		return nil, nil
	}
	return w.env.Log.Copy(ctx, since, newOwned(references).has)
}

// lanes groups the moves by item, because a move may need what an earlier one of its
// item brought.
func (w *BatchWork) lanes() (lanes [][]int) {
	at := map[stock.Address]int{}
	for i, m := range w.head.Moves {
		key := stock.Address{Product: m.Plan.ProductID, SKU: m.Plan.SKUID}
		lane, known := at[key]
		if !known {
			lane = len(lanes)
			at[key], lanes = lane, append(lanes, nil)
		}
		lanes[lane] = append(lanes[lane], i)
	}
	return lanes
}

// each works through all lanes.
func (w *BatchWork) each(stop, send context.Context, workers int, step func(context.Context, int) (Ending, error), show func(done, of int)) error {
	run, halt := context.WithCancelCause(stop)
	defer halt(nil)
	ready := make(chan []int)
	var done atomic.Int64
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for lane := range ready {
				w.lane(run, lane, func(i int) (Ending, error) {
					e, err := step(send, i)
					show(int(done.Add(1)), len(w.head.Moves))
					return e, err
				}, halt)
			}
		})
	}
	for _, lane := range w.lanes() {
		select {
		case ready <- lane:
		case <-run.Done():
		}
	}
	close(ready)
	all.Wait()
	if err := w.finish(); err != nil {
		return err
	}
	if run.Err() != nil && !w.settled() {
		return w.onceSent(context.Cause(run))
	}
	return nil
}

// onceSent returns why the work ended early, as a failure that it may end with if it has
// sent something.
func (w *BatchWork) onceSent(err error) error {
	if slices.ContainsFunc(w.endings, func(e Ending) bool { return e.State != NotBegun }) {
		return failure.OnceSent(err)
	}
	return err
}

// lane works through the moves of one item until one stays halfway or in doubt.
func (w *BatchWork) lane(run context.Context, lane []int, step func(int) (Ending, error), halt context.CancelCauseFunc) {
	late := map[string]int{} // records that did not receive their stock → the line
	for at := range lane {
		i := lane[at]
		if w.head.Undoing {
			i = lane[len(lane)-1-at]
		}
		m := w.head.Moves[i]
		if run.Err() != nil {
			return
		}
		if w.over(i) {
			if w.endings[i].State == Refused {
				late[m.Plan.To.RecordID] = m.Line
			}
			continue
		}
		if line, waits := late[m.Plan.From.RecordID]; waits && !w.head.Undoing {
			late[m.Plan.To.RecordID] = m.Line
			if err := w.end(i, Ending{Refused, fmt.Sprintf("it needs the stock from line %d, which was not moved", line)}); err != nil {
				halt(err)
				return
			}
			continue
		}
		e, err := step(i)
		err = cmp.Or(err, w.end(i, e))
		switch {
		case err != nil:
			halt(err)
			return
		case e.State == Halfway || e.State == Unknown:
			return
		case e.State == Refused:
			late[m.Plan.To.RecordID] = m.Line
		}
	}
}

// over reports whether a move needs nothing more.
func (w *BatchWork) over(i int) bool {
	switch w.endings[i].State {
	case Refused, TakenOff:
		return true
	case Moved:
		return !w.head.Undoing
	}
	return false
}

// settled reports whether no move is open or halfway. In an undo, moves that never
// began count as settled.
func (w *BatchWork) settled() bool {
	for _, e := range w.endings {
		switch e.State {
		case Halfway, Unknown:
			return false
		case NotBegun:
			if !w.head.Undoing {
				return false
			}
		}
	}
	return true
}

// finish marks the batch as finished if nothing is left to do.
func (w *BatchWork) finish() error {
	if !w.settled() {
		return nil
	}
	now := w.env.Now()
	w.head.Finished = &now
	w.head.Undone = w.head.Undoing && !slices.ContainsFunc(w.endings, func(e Ending) bool { return e.State == Moved })
	return w.folder.Save(w.head)
}

// forward makes one move. An error ends the whole batch; it is not about this move
// alone.
func (w *BatchWork) forward(ctx context.Context, i int) (Ending, error) {
	p := w.head.Moves[i].Plan
	p.Plain = w.plain.Load()
	work, begun, err := w.env.takeUp(ctx, p)
	if err != nil {
		return Ending{w.endings[i].State, err.Error()}, err
	}
	step := work.Run
	if begun {
		step = func(ctx context.Context) (Result, error) { return work.resume(ctx, true) }
	}
	r, err := step(ctx)
	err = errors.Join(err, work.Close())
	if r.Plan.Plain {
		w.plain.Store(true)
	}
	return ended(r.Plan, err)
}

// back reverses one move.
func (w *BatchWork) back(ctx context.Context, i int) (Ending, error) {
	reference := w.head.Moves[i].Plan.Reference
	before := w.endings[i].State
	if _, err := w.env.Store.Plan(reference); failure.KindOf(err) == failure.NotFound && before == NotBegun {
		return Ending{State: NotBegun}, nil
	}
	work, err := w.env.Open(ctx, reference)
	if err != nil {
		return Ending{before, err.Error()}, err
	}
	r, err := work.Undo(ctx)
	return ended(r.Plan, errors.Join(err, work.Close()))
}

// ended returns the ending of a move after a step.
func ended(p Plan, err error) (Ending, error) {
	if err == nil {
		switch {
		case p.Done():
			return Ending{State: Moved}, nil
		case p.Undone():
			return Ending{State: TakenOff}, nil
		}
		return Ending{State: NotBegun}, nil
	}
	e := Ending{NotBegun, err.Error()}
	switch {
	case failure.KindOf(err) == failure.OutcomeUnknown:
		e.State = Unknown
		return e, nil
	case p.halfway():
		e.State = Halfway
		if failure.KindOf(err) == failure.Partial {
			return e, nil
		}
		return e, err
	case p.Done(): // it could not be reversed
		e.State = Moved
	}
	switch failure.KindOf(err) {
	case failure.Refused, failure.NotFound, failure.AlreadyExists:
		if e.State == NotBegun {
			e.State = Refused
		}
		return e, nil
	}
	return e, err
}

// takeUp begins a transfer under the reference of its plan, or opens it if this machine
// has begun it already.
func (e Env) takeUp(ctx context.Context, p Plan) (w *Work, begun bool, err error) {
	_, missing := e.Store.Plan(p.Reference)
	if failure.KindOf(missing) != failure.NotFound {
		w, err = e.Open(ctx, p.Reference)
		return w, true, err
	}
	w, err = e.begin(p)
	return w, false, err
}
