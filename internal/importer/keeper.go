package importer

import (
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/stock"
)

// Rows are passed to the keeper in batches. A few batches may queue.
const (
	batchRows = 128
	batches   = 4
)

// keeper writes the rows to the plan in their order, on a separate goroutine. This is a
// quarter of the time of a check, and a second core can do it while the next rows are
// read.
type keeper struct {
	out      *ledger.PlanWriter
	mode     stock.Mode
	named    *keyHashes[Key]     // create and set: the keys of the records
	repeated *keyHashes[content] // adjust: the contents of the rows

	rows []ledger.Write // the batch being filled
	n    int            // how many of its rows are filled
	full chan []ledger.Write
	free chan kept
}

// kept is a batch that can be reused, with the first error so far.
type kept struct {
	rows []ledger.Write
	err  error
}

func newKeeper(out *ledger.PlanWriter, mode stock.Mode) *keeper {
	k := &keeper{
		out: out, mode: mode, named: newKeyHashes[Key](), repeated: newKeyHashes[content](),
		rows: make([]ledger.Write, batchRows), full: make(chan []ledger.Write, batches), free: make(chan kept, batches),
	}
	for range batches - 1 {
		k.free <- kept{rows: make([]ledger.Write, batchRows)}
	}
	go k.keep()
	return k
}

// current returns the row that add passes on next.
func (k *keeper) current() *ledger.Write { return &k.rows[k.n] }

// add passes the current row on. The error may be about an earlier row.
func (k *keeper) add() error {
	if k.n++; k.n < len(k.rows) {
		return nil
	}
	k.full <- k.rows
	next := <-k.free
	k.rows, k.n = next.rows, 0
	return next.err
}

// close waits until all rows are kept, and returns the first error.
func (k *keeper) close() (err error) {
	k.full <- k.rows[:k.n]
	close(k.full)
	for last := range k.free {
		err = last.err
	}
	return err
}

func (k *keeper) keep() {
	defer close(k.free)
	var err error
	for rows := range k.full {
		for i := 0; i < len(rows) && err == nil; i++ {
			err = k.put(&rows[i])
		}
		k.free <- kept{rows[:cap(rows)], err}
	}
}

func (k *keeper) put(w *ledger.Write) error {
	switch {
	case w.Decided != nil || k.mode == stock.Move:
	case k.mode == stock.Adjust:
		k.repeated.add(contentOf(w))
	default:
		k.named.add(idOnly(w.Key))
	}
	return k.out.Add(w)
}
