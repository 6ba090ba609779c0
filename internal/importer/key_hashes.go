package importer

import (
	"hash/maphash"
	"math/bits"
	"slices"
)

// keyHashes remembers many keys in 4 bytes each. It keeps 32 bits of a key's hash, in a
// part chosen by the hash's first bits. Each part is small enough to be compared within
// the processor's caches. Equal hashes in a part do not prove equal keys: of 35 files
// with a million different rows, one has two such hashes. They only show where to check
// the keys themselves.
type keyHashes[K comparable] struct {
	seed  maphash.Seed
	parts [1 << partBits][]uint32
}

// partBits is how many bits of a hash choose the part, in keyHashes and in records.
const partBits = 12

func newKeyHashes[K comparable]() *keyHashes[K] { return &keyHashes[K]{seed: maphash.MakeSeed()} }

// of returns the part and the hash of a key. The hash is never 0.
func (m *keyHashes[K]) of(key K) (part int, hash uint32) {
	full := maphash.Comparable(m.seed, key)
	return int(full >> (64 - partBits)), max(1, uint32(full))
}

func (m *keyHashes[K]) add(key K) {
	part, hash := m.of(key)
	m.parts[part] = append(m.parts[part], hash)
}

// sort must be called after the last add and before mayHold.
func (m *keyHashes[K]) sort() {
	for _, part := range m.parts {
		slices.Sort(part)
	}
}

// keepTwice sorts, and drops the keys that were added once. It reports whether any are
// left.
func (m *keyHashes[K]) keepTwice() (left bool) {
	var table []uint32
	for i, part := range m.parts {
		m.parts[i] = nil
		if table = sized(table, 2*len(part)); !anyTwice(part, table) {
			continue
		}
		left = true
		slices.Sort(part)
		for j, hash := range part[1:] {
			if hash == part[j] {
				m.parts[i] = append(m.parts[i], hash)
			}
		}
	}
	return left
}

// mayHold returns true for every added key, and rarely for any other.
func (m *keyHashes[K]) mayHold(key K) bool {
	part, hash := m.of(key)
	_, found := slices.BinarySearch(m.parts[part], hash)
	return found
}

// anyTwice reports whether the part has a hash twice. The table must be empty and larger
// than the part, and its length a power of two.
func anyTwice(part, table []uint32) bool {
	mask := uint32(len(table) - 1)
	for _, hash := range part {
		i := hash & mask
		for table[i] != 0 && table[i] != hash {
			i = (i + 1) & mask
		}
		if table[i] != 0 {
			return true
		}
		table[i] = hash
	}
	return false
}

// sized returns an empty table with at least n slots. It reuses the old one if that is
// large enough.
func sized(table []uint32, n int) []uint32 {
	n = 1 << bits.Len(uint(n))
	if n > cap(table) {
		return make([]uint32, n)
	}
	table = table[:n]
	clear(table)
	return table
}
