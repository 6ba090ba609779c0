package importer

import (
	"hash/maphash"
	"math/bits"
	"slices"
)

// marks remember many keys in 4 bytes each: of the hash of a key they keep 32
// bits, in a part that its first bits choose. Each part is small enough for the
// caches of a processor when its marks are held against each other. Equal marks
// in one part are not yet equal keys: in one of 35 files of a million rows that
// all differ there are two. So they only tell where a closer look is due.
type marks[K comparable] struct {
	seed  maphash.Seed
	parts [1 << partBits][]uint32
}

// partBits is how many bits of a hash choose its part, of marks and of records.
const partBits = 12

func newMarks[K comparable]() *marks[K] { return &marks[K]{seed: maphash.MakeSeed()} }

// of returns the part of a key, and its mark, which is never 0.
func (m *marks[K]) of(key K) (part int, mark uint32) {
	hash := maphash.Comparable(m.seed, key)
	return int(hash >> (64 - partBits)), max(1, uint32(hash))
}

func (m *marks[K]) add(key K) {
	part, mark := m.of(key)
	m.parts[part] = append(m.parts[part], mark)
}

// sort is due after the last add, before mayHold is asked.
func (m *marks[K]) sort() {
	for _, part := range m.parts {
		slices.Sort(part)
	}
}

// keepTwice sorts, and drops the keys that were added once. It tells whether any
// are left.
func (m *marks[K]) keepTwice() (left bool) {
	var table []uint32
	for i, part := range m.parts {
		m.parts[i] = nil
		if table = sized(table, 2*len(part)); !anyTwice(part, table) {
			continue
		}
		left = true
		slices.Sort(part)
		for j, mark := range part[1:] {
			if mark == part[j] {
				m.parts[i] = append(m.parts[i], mark)
			}
		}
	}
	return left
}

// mayHold tells of every key that is there, and hardly of any other.
func (m *marks[K]) mayHold(key K) bool {
	part, mark := m.of(key)
	_, found := slices.BinarySearch(m.parts[part], mark)
	return found
}

// anyTwice tells whether a mark is in the part twice. The table is empty, larger
// than the part, and its length a power of two.
func anyTwice(part, table []uint32) bool {
	mask := uint32(len(table) - 1)
	for _, mark := range part {
		i := mark & mask
		for table[i] != 0 && table[i] != mark {
			i = (i + 1) & mask
		}
		if table[i] != 0 {
			return true
		}
		table[i] = mark
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
