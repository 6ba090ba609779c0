package importer

import (
	"hash/maphash"
	"math/bits"
	"slices"
)

// keyHashes remembers many keys in 4 bytes each: of the hash of a key they keep 32
// bits, in a part that its first bits choose. Each part is small enough for the
// caches of a processor when its hashes are held against each other. Equal hashes
// in one part are not yet equal keys: in one of 35 files of a million rows that
// all differ there are two. So they only tell where a closer look is due.
type keyHashes[K comparable] struct {
	seed  maphash.Seed
	parts [1 << partBits][]uint32
}

// partBits is how many bits of a hash choose its part, of keyHashes and of records.
const partBits = 12

func newKeyHashes[K comparable]() *keyHashes[K] { return &keyHashes[K]{seed: maphash.MakeSeed()} }

// of returns the part of a key, and its hash, which is never 0.
func (m *keyHashes[K]) of(key K) (part int, hash uint32) {
	full := maphash.Comparable(m.seed, key)
	return int(full >> (64 - partBits)), max(1, uint32(full))
}

func (m *keyHashes[K]) add(key K) {
	part, hash := m.of(key)
	m.parts[part] = append(m.parts[part], hash)
}

// sort is due after the last add, before mayHold is asked.
func (m *keyHashes[K]) sort() {
	for _, part := range m.parts {
		slices.Sort(part)
	}
}

// keepTwice sorts, and drops the keys that were added once. It tells whether any
// are left.
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

// mayHold tells of every key that is there, and hardly of any other.
func (m *keyHashes[K]) mayHold(key K) bool {
	part, hash := m.of(key)
	_, found := slices.BinarySearch(m.parts[part], hash)
	return found
}

// anyTwice tells whether a hash is in the part twice. The table is empty, larger
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

// sized returns an empty table of at least n places, in the room of an old one
// where that is large enough.
func sized(table []uint32, n int) []uint32 {
	n = 1 << bits.Len(uint(n))
	if n > cap(table) {
		return make([]uint32, n)
	}
	table = table[:n]
	clear(table)
	return table
}
