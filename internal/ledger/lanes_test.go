package ledger

import (
	"fmt"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/stock"
)

// When nearly every place is taken by rows waiting behind one, the few free places are
// used again and again, and never exceeded.
func TestReadingContinuesDuringALongLane(t *testing.T) {
	l := newLanes()
	for range maxParked - 10 {
		l.add(&pending{Write: Write{Key: stock.Key{Address: stock.Address{Product: "busy"}}}})
	}
	first := <-l.ready
	const others = 3 * maxParked
	go func() {
		for i := range others {
			l.add(&pending{Write: Write{N: int64(i), Key: stock.Key{Address: stock.Address{Product: fmt.Sprint(i)}}}})
		}
	}()
	for i := range int64(others) {
		select {
		case row := <-l.ready:
			if row.N != i {
				t.Fatalf("row %d comes in place of %d", row.N, i)
			}
			l.done(row)
		case <-time.After(10 * time.Second):
			t.Fatalf("no row comes after %d", i)
		}
		l.mu.Lock()
		if l.parked > maxParked {
			t.Fatalf("%d rows are parked", l.parked)
		}
		l.mu.Unlock()
	}
	l.done(first)
	behind := l.block(<-l.ready) // the rest will never be sent
	for range behind {
		l.left()
	}
	l.all.Wait()
	if l.parked != 0 || len(behind) != maxParked-12 {
		t.Errorf("%d places are still taken, %d rows were behind", l.parked, len(behind))
	}
}
