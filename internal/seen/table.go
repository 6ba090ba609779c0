// Package seen remembers where each of very many keys was seen first, in little
// memory. It knows nothing of what the keys are.
package seen

import "hash/maphash"

// Table remembers two numbers for each key, in 16 bytes: it keeps a hash of 64 bits
// under a secret seed in place of the key.
type Table[K comparable] struct {
	seed  maphash.Seed
	slots []Slot
	used  int
}

// Slot is what a table holds of one key.
type Slot struct {
	hash uint64 // 0: free
	A, B uint32
}

// New returns an empty table.
func New[K comparable]() *Table[K] {
	return &Table[K]{seed: maphash.MakeSeed(), slots: make([]Slot, 1024)}
}

// Len is how many keys there are.
func (t *Table[K]) Len() int { return t.used }

// Find returns the slot of a key; the second value reports whether it was there
// already. A key that was not has a slot from then on.
func (t *Table[K]) Find(key K) (*Slot, bool) {
	if t.used*4 >= len(t.slots)*3 {
		t.grow()
	}
	hash := t.hash(key)
	s := t.slot(hash)
	if s.hash == hash {
		return s, true
	}
	s.hash = hash
	t.used++
	return s, false
}

// Get returns the slot of a key, nil when it was never seen.
func (t *Table[K]) Get(key K) *Slot {
	hash := t.hash(key)
	if s := t.slot(hash); s.hash == hash {
		return s
	}
	return nil
}

// Short is a text in 32 bits, never 0, under the table's seed.
func (t *Table[K]) Short(text string) uint32 { return max(1, uint32(maphash.String(t.seed, text))) }

func (t *Table[K]) hash(key K) uint64 { return max(1, maphash.Comparable(t.seed, key)) }

func (t *Table[K]) slot(hash uint64) *Slot {
	mask := uint64(len(t.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		if s := &t.slots[i]; s.hash == hash || s.hash == 0 {
			return s
		}
	}
}

func (t *Table[K]) grow() {
	old := t.slots
	t.slots = make([]Slot, 2*len(old))
	for _, s := range old {
		if s.hash != 0 {
			*t.slot(s.hash) = s
		}
	}
}
