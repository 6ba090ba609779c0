package importer

import (
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/stock"
)

// Rows are passed to the writer in batches. A few batches may queue.
const (
	batchRows = 128
	batches   = 4
)

// rowWriter writes the rows to the plan in their order, on a separate goroutine. This is a
// quarter of the time of a check, and a second core can do it while the next rows are
// read.
type rowWriter struct {
	out      interface{ Add(*ledger.Write) error }
	mode     stock.Mode
	named    *keyHashes[Key]     // create and set: the keys of the records
	repeated *keyHashes[content] // adjust: the contents of the rows

	rows []ledger.Write // the batch being filled
	n    int            // how many of its rows are filled
	full chan []ledger.Write
	free chan written
}

// written is a batch that can be reused, with the first error so far.
type written struct {
	rows []ledger.Write
	err  error
}

func newRowWriter(out interface{ Add(*ledger.Write) error }, mode stock.Mode) *rowWriter {
	rw := &rowWriter{
		out: out, mode: mode, named: newKeyHashes[Key](), repeated: newKeyHashes[content](),
		rows: make([]ledger.Write, batchRows), full: make(chan []ledger.Write, batches), free: make(chan written, batches),
	}
	for range batches - 1 {
		rw.free <- written{rows: make([]ledger.Write, batchRows)}
	}
	go rw.run()
	return rw
}

// current returns the row that add passes on next.
func (rw *rowWriter) current() *ledger.Write { return &rw.rows[rw.n] }

// add passes the current row on. The error may be about an earlier row.
func (rw *rowWriter) add() error {
	if rw.n++; rw.n < len(rw.rows) {
		return nil
	}
	rw.full <- rw.rows
	next := <-rw.free
	rw.rows, rw.n = next.rows, 0
	return next.err
}

// close waits until all rows are written, and returns the first error.
func (rw *rowWriter) close() (err error) {
	rw.full <- rw.rows[:rw.n]
	close(rw.full)
	for last := range rw.free {
		err = last.err
	}
	return err
}

func (rw *rowWriter) run() {
	defer close(rw.free)
	var err error
	for rows := range rw.full {
		for i := 0; i < len(rows) && err == nil; i++ {
			err = rw.put(&rows[i])
		}
		rw.free <- written{rows[:cap(rows)], err}
	}
}

func (rw *rowWriter) put(w *ledger.Write) error {
	switch {
	case w.Decided != nil || rw.mode == stock.Move:
	case rw.mode == stock.Adjust:
		rw.repeated.add(contentOf(w))
	default:
		rw.named.add(idOnly(w.Key))
	}
	return rw.out.Add(w)
}
