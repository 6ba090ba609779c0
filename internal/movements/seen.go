package movements

import (
	"hash/maphash"
	"slices"
)

// seen is a set of ids in a little over eight bytes each, which notes which of
// them a reading met.
type seen struct {
	seed   maphash.Seed
	hashes []uint64 // sorted once all are in
	met    []uint64 // a bit for each
	count  int      // how many were met
}

func newSeen() *seen { return &seen{seed: maphash.MakeSeed()} }

func (s *seen) add(id string) { s.hashes = append(s.hashes, maphash.String(s.seed, id)) }

// sort ends the adding.
func (s *seen) sort() {
	slices.Sort(s.hashes)
	s.met = make([]uint64, (len(s.hashes)+63)/64)
}

// meet tells whether the id is in the set, and notes that it was met.
func (s *seen) meet(id string) bool {
	i, found := slices.BinarySearch(s.hashes, maphash.String(s.seed, id))
	if found && s.met[i/64]&(1<<(i%64)) == 0 {
		s.met[i/64] |= 1 << (i % 64)
		s.count++
	}
	return found
}

// wasMet tells whether meet found the id.
func (s *seen) wasMet(id string) bool {
	i, found := slices.BinarySearch(s.hashes, maphash.String(s.seed, id))
	return found && s.met[i/64]&(1<<(i%64)) != 0
}
