package movements

import (
	"hash/maphash"
	"slices"
	"time"
)

// seen is the set of a copy's entries. It takes little more than sixteen bytes for each,
// and records which of them were met.
type seen struct {
	seed    maphash.Seed
	hashes  []uint64 // of the ids, sorted once complete
	entries []uint64 // of the whole entries, sorted once complete
	met     []uint64 // a bit for each id
	count   int      // number of ids met
	changed bool     // an entry was met with other contents
}

func newSeen() *seen { return &seen{seed: maphash.MakeSeed()} }

func (s *seen) add(m Movement) {
	s.hashes = append(s.hashes, maphash.String(s.seed, m.ID))
	s.entries = append(s.entries, s.whole(m))
}

// whole returns the hash of an entry with its contents.
func (s *seen) whole(m Movement) uint64 {
	at := m.At.UnixNano()
	m.At = time.Time{} // a time has several forms
	return maphash.Comparable(s.seed, struct {
		Movement
		at int64
	}{m, at})
}

// sort completes the set.
func (s *seen) sort() {
	slices.Sort(s.hashes)
	slices.Sort(s.entries)
	s.met = make([]uint64, (len(s.hashes)+63)/64)
}

// meet reports whether the entry's id is in the set, and marks it as met.
func (s *seen) meet(m Movement) bool {
	i, found := slices.BinarySearch(s.hashes, maphash.String(s.seed, m.ID))
	if !found {
		return false
	}
	if s.met[i/64]&(1<<(i%64)) == 0 {
		s.met[i/64] |= 1 << (i % 64)
		s.count++
	}
	if _, same := slices.BinarySearch(s.entries, s.whole(m)); !same {
		s.changed = true
	}
	return true
}

// wasMet reports whether the id was met.
func (s *seen) wasMet(id string) bool {
	i, found := slices.BinarySearch(s.hashes, maphash.String(s.seed, id))
	return found && s.met[i/64]&(1<<(i%64)) != 0
}
