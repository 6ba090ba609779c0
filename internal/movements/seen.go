package movements

import (
	"hash/maphash"
	"slices"
)

// seen is a set of ids that takes little more than eight bytes for each, and records
// which of them were met.
type seen struct {
	seed   maphash.Seed
	hashes []uint64 // sorted once complete
	met    []uint64 // a bit for each
	count  int      // number of ids met
}

func newSeen() *seen { return &seen{seed: maphash.MakeSeed()} }

func (s *seen) add(id string) { s.hashes = append(s.hashes, maphash.String(s.seed, id)) }

// sort completes the set.
func (s *seen) sort() {
	slices.Sort(s.hashes)
	s.met = make([]uint64, (len(s.hashes)+63)/64)
}

// meet reports whether the id is in the set, and marks it as met.
func (s *seen) meet(id string) bool {
	i, found := slices.BinarySearch(s.hashes, maphash.String(s.seed, id))
	if found && s.met[i/64]&(1<<(i%64)) == 0 {
		s.met[i/64] |= 1 << (i % 64)
		s.count++
	}
	return found
}

// wasMet reports whether the id was met.
func (s *seen) wasMet(id string) bool {
	i, found := slices.BinarySearch(s.hashes, maphash.String(s.seed, id))
	return found && s.met[i/64]&(1<<(i%64)) != 0
}
