package api

import (
	"math/rand/v2"
	"testing"
)

func TestHashesAreASet(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	set, want := new(hashes), map[uint64]bool{}
	for i := range 50_000 {
		hash := random.Uint64N(1<<15) << (i % 50) // many of them again, in few parts and in many
		if set.add(hash) == want[hash] {
			t.Fatalf("add(%x) tells the wrong thing", hash)
		}
		want[hash] = true
	}
	if set.count != len(want) {
		t.Errorf("%d hashes, want %d", set.count, len(want))
	}
	for _, hash := range []uint64{0, 1, 1<<64 - 1, 1 << 63} {
		if set.add(hash) == want[hash] || set.add(hash) {
			t.Errorf("add(%x) tells the wrong thing", hash)
		}
	}
}
