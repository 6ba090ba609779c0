package seen_test

import (
	"fmt"
	"testing"

	"github.com/bayworks/stockctl/internal/seen"
)

// Every key has its own slot, and keeps it while the table grows.
func TestTable(t *testing.T) {
	const keys = 20_000
	table := seen.New[string]()
	name := func(i int) string { return fmt.Sprint("key ", i) }
	for i := range keys {
		s, was := table.Find(name(i))
		if was || s.A != 0 || s.B != 0 {
			t.Fatalf("%s was seen: %+v", name(i), s)
		}
		s.A, s.B = uint32(i), uint32(2*i)
		if table.Len() != i+1 {
			t.Fatalf("%d keys of %d", table.Len(), i+1)
		}
	}
	for i := range keys {
		s, was := table.Find(name(i))
		if got := table.Get(name(i)); !was || got != s || s.A != uint32(i) || s.B != uint32(2*i) {
			t.Fatalf("%s: %+v, %t", name(i), s, was)
		}
		if table.Get(name(i+keys)) != nil {
			t.Fatalf("%s was never seen", name(i+keys))
		}
	}
	if table.Len() != keys {
		t.Errorf("%d keys", table.Len())
	}
}

// A text in 32 bits is the same each time in one table, and never 0.
func TestShort(t *testing.T) {
	table := seen.New[string]()
	different := map[uint32]bool{}
	for i := range 1000 {
		text := fmt.Sprint(i)
		short := table.Short(text)
		if short == 0 || short != table.Short(text) {
			t.Errorf("%s is %d", text, short)
		}
		different[short] = true
	}
	if len(different) < 990 {
		t.Errorf("%d different ones of 1000", len(different))
	}
}
