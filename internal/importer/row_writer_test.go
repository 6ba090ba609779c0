package importer

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/stock"
)

// numbers is a plan that keeps the numbers of its rows, and fails from a row on.
type numbers struct {
	rows  []int64
	fails int // 0: never
}

func (p *numbers) Add(w *ledger.Write) error {
	if p.fails > 0 && w.N >= int64(p.fails) {
		return fmt.Errorf("row %d does not fit", w.N)
	}
	p.rows = append(p.rows, w.N)
	return nil
}

// expect compares the rows with 1 to n.
func (p *numbers) expect(t *testing.T, n int) {
	t.Helper()
	if len(p.rows) != n {
		t.Errorf("%d rows were written, not %d", len(p.rows), n)
	}
	for i, row := range p.rows {
		if row != int64(i+1) {
			t.Fatalf("row %d comes in place of %d", row, i+1)
		}
	}
}

// passRows passes n rows to a writer, numbered from 1, until add fails.
func passRows(rw *rowWriter, n int) (passed int, err error) {
	for i := range n {
		*rw.current() = ledger.Write{N: int64(i + 1)}
		if err := rw.add(); err != nil {
			return i, err
		}
	}
	return n, nil
}

// All rows are written in their order, whether or not they fill the last batch. A
// goroutine that is left at the end fails the test.
func TestRowsAreWrittenInOrder(t *testing.T) {
	for _, n := range []int{0, 1, batchRows - 1, batchRows, batchRows + 1, 3 * batches * batchRows} {
		synctest.Test(t, func(t *testing.T) {
			var plan numbers
			rw := newRowWriter(&plan, stock.Adjust)
			passed, err := passRows(rw, n)
			if closed := rw.close(); passed != n || err != nil || closed != nil {
				t.Errorf("%d of %d rows were passed: %v, %v", passed, n, err, closed)
			}
			plan.expect(t, n)
		})
	}
}

// After a row that cannot be written, no row is. add says so as soon as it gets a batch
// back, and close says it again, or for the first time. Both return the first error. No
// goroutine is left.
func TestARowThatCannotBeWritten(t *testing.T) {
	const far = 10 * batches * batchRows
	for _, c := range []struct {
		bad, n int
		heard  bool // by add
	}{
		{bad: 1, n: 1},
		{bad: batchRows, n: batchRows},
		{bad: far, n: far},
		{bad: 1, n: far, heard: true},
		{bad: batchRows + 1, n: far, heard: true},
	} {
		synctest.Test(t, func(t *testing.T) {
			plan := numbers{fails: c.bad}
			rw := newRowWriter(&plan, stock.Adjust)
			passed, err := passRows(rw, c.n)
			first := fmt.Sprintf("row %d does not fit", c.bad)
			if c.heard && (err == nil || err.Error() != first || passed > c.bad+(batches+1)*batchRows) {
				t.Errorf("row %d: add returns %v after %d rows", c.bad, err, passed)
			}
			if closed := rw.close(); closed == nil || closed.Error() != first {
				t.Errorf("row %d of %d: close returns %v", c.bad, c.n, closed)
			}
			plan.expect(t, c.bad-1)
		})
	}
}

// The rows that are to be sent are collected for the search for repeated ones: a create
// or a set by its record, a movement by its content, a row of a transfer not at all.
func TestRowsAreCollectedByTheirKeys(t *testing.T) {
	for mode, want := range map[stock.Mode][2]bool{stock.Create: {true, false}, stock.Set: {true, false}, stock.Adjust: {false, true}, stock.Move: {}} {
		rw := newRowWriter(&numbers{}, mode)
		sent, decided := ledger.Write{Key: Key{Record: "a"}}, ledger.Write{Key: Key{Record: "b"}, Decided: &ledger.Outcome{State: journal.Skipped}}
		for _, w := range []ledger.Write{sent, decided} {
			*rw.current() = w
			if err := rw.add(); err != nil {
				t.Fatal(err)
			}
		}
		if err := rw.close(); err != nil {
			t.Fatal(err)
		}
		rw.named.sort()
		rw.repeated.sort()
		got := [2]bool{rw.named.mayHold(sent.Key), rw.repeated.mayHold(contentOf(&sent))}
		if got != want || rw.named.mayHold(decided.Key) || rw.repeated.mayHold(contentOf(&decided)) {
			t.Errorf("%s: collected %v, want %v", mode, got, want)
		}
	}
}
