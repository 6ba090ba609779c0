package seen_test

import (
	"math/rand/v2"
	"testing"

	"github.com/bayworks/stockctl/internal/seen"
)

func TestHashesAreASet(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	set, want := new(seen.Hashes), map[uint64]bool{}
	for i := range 50_000 {
		hash := random.Uint64N(1<<15) << (i % 50) // many of them again, in few parts and in many
		if set.Add(hash) == want[hash] {
			t.Fatalf("Add(%x) returns the wrong value", hash)
		}
		want[hash] = true
	}
	if set.Len() != len(want) {
		t.Errorf("%d hashes, want %d", set.Len(), len(want))
	}
	for _, hash := range []uint64{0, 1, 1<<64 - 1, 1 << 63} {
		if set.Add(hash) == want[hash] || set.Add(hash) {
			t.Errorf("Add(%x) returns the wrong value", hash)
		}
	}
}
