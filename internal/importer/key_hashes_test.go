package importer

import (
	"fmt"
	"slices"
	"testing"
)

func TestKeepTwice(t *testing.T) {
	all, twice := newKeyHashes[string](), newKeyHashes[string]()
	const keys = 50_000
	for i := range keys {
		key := fmt.Sprint("key ", i)
		all.add(key)
		for range 1 + i%3 {
			twice.add(key)
		}
	}
	all.sort()
	if !twice.keepTwice() {
		t.Error("two of three keys were added more than once")
	}
	mistaken := 0
	for i := range keys {
		if key := fmt.Sprint("key ", i); !all.mayHold(key) || i%3 > 0 && !twice.mayHold(key) {
			t.Fatalf("%s was added", key)
		} else if i%3 == 0 && twice.mayHold(key) || all.mayHold("other "+key) {
			mistaken++
		}
	}
	if mistaken > 5 { // one in a billion runs has more
		t.Errorf("%d keys were taken for others", mistaken)
	}
}

// keepTwice drops hashes that occur once, part by part.
func TestKeepTwiceInOnePart(t *testing.T) {
	for _, test := range []struct{ hashes, want []uint32 }{
		{nil, nil},
		{[]uint32{7}, nil},
		{[]uint32{7, 8, 9, 1 << 31}, nil},
		{[]uint32{7, 8, 7}, []uint32{7}},
		{[]uint32{16, 32, 48, 16, 1, 48, 48}, []uint32{16, 48, 48}},
	} {
		m := newKeyHashes[string]()
		m.parts[3] = slices.Clone(test.hashes)
		m.parts[4] = []uint32{7, 16}
		if left := m.keepTwice(); left != (test.want != nil) || !slices.Equal(m.parts[3], test.want) || m.parts[4] != nil {
			t.Errorf("of %d: %v, %d", test.hashes, left, m.parts[3])
		}
	}
}

func TestEarlier(t *testing.T) {
	for _, test := range [][3]uint32{{0, 0, 0}, {0, 5, 5}, {5, 0, 5}, {5, 7, 5}, {7, 5, 5}} {
		if got := earlier(test[0], test[1]); got != test[2] {
			t.Errorf("of %d and %d: got %d", test[0], test[1], got)
		}
	}
}
