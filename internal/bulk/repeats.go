package bulk

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"iter"
	"math/bits"
	"slices"

	"github.com/bayworks/stockctl/internal/failure"
)

// repeats finds the rows that name the same record, in 16 bytes a row: they are
// noted as they go by, and held against each other when all are known. They lie
// in parts by their hash, each small enough for the caches of a processor: one
// table of all of them would wait for memory at every row.
type repeats struct {
	seed  maphash.Seed
	parts [1 << partBits][]sighting
}

const partBits = 8

// sighting is a row that went by. Rows of equal hash, of 64 bits under a secret
// seed, name the same record.
type sighting struct {
	hash    uint64
	n, line uint32
}

func newRepeats() *repeats { return &repeats{seed: maphash.MakeSeed()} }

func (r *repeats) add(row *Row) {
	hash := max(1, maphash.Comparable(r.seed, row.Key))
	part := &r.parts[hash>>(64-partBits)]
	*part = append(*part, sighting{hash, uint32(row.N), uint32(row.Line)})
}

// groups are the rows of each record that is named more than once, in the order
// of the file.
func (r *repeats) groups() iter.Seq[[]sighting] {
	return func(yield func([]sighting) bool) {
		var table []uint64
		for _, part := range r.parts {
			if table = sized(table, 2*len(part)); !anyTwice(part, table) {
				continue
			}
			slices.SortFunc(part, func(a, b sighting) int { return cmp.Or(cmp.Compare(a.hash, b.hash), byRow(a, b)) })
			for i := 0; i < len(part); {
				end := i + 1
				for end < len(part) && part[end].hash == part[i].hash {
					end++
				}
				if end-i > 1 && !yield(part[i:end]) {
					return
				}
				i = end
			}
		}
	}
}

// anyTwice tells whether a hash is in the part twice. The table is empty, larger
// than the part, and its length a power of two.
func anyTwice(part []sighting, table []uint64) bool {
	mask := uint64(len(table) - 1)
	for _, row := range part {
		i := row.hash & mask
		for table[i] != 0 && table[i] != row.hash {
			i = (i + 1) & mask
		}
		if table[i] != 0 {
			return true
		}
		table[i] = row.hash
	}
	return false
}

// sized returns an empty table of at least n places, in the room of an old one
// where that is large enough.
func sized(table []uint64, n int) []uint64 {
	n = 1 << bits.Len(uint(n))
	if n > cap(table) {
		return make([]uint64, n)
	}
	table = table[:n]
	clear(table)
	return table
}

// decide does with the rows of repeated records what --duplicates says.
func (p *Plan) decide(ctx context.Context, r *repeats) error {
	var out, again []sighting // again: with the line of the row that each repeats
	set := &p.skip
	for group := range r.groups() {
		switch p.options.Duplicates {
		case DuplicatesFirst:
			out = append(out, group[1:]...)
		case DuplicatesLast:
			out = append(out, group[:len(group)-1]...)
		default: // none of them is known to be the right one
			set = &p.invalid
			out = append(out, group...)
			for _, row := range group[1:] {
				row.line = group[0].line
				again = append(again, row)
			}
		}
	}
	for _, row := range slices.SortedFunc(slices.Values(out), byRow) {
		set.Add(int64(row.n))
	}
	if len(again) == 0 || p.options.SkipInvalid { // then no mistake is listed
		return nil
	}
	slices.SortFunc(again, byRow)
	return p.tell(ctx, again)
}

func byRow(a, b sighting) int { return cmp.Compare(a.n, b.n) }

// tell reads the file again to say where the rows are that repeat a line, among
// all other mistakes.
func (p *Plan) tell(ctx context.Context, again []sighting) error {
	p.wrong = &mistakes{source: p.source.name}
	return p.each(ctx, func(v *visit) error {
		p.wrong.add(v.problems...)
		if len(again) == 0 || int64(again[0].n) != v.row.N {
			return nil
		}
		field, value := v.row.Key.name()
		p.wrong.add(failure.Problem{
			Where: v.where(field), Field: field, Value: value,
			What: fmt.Sprintf("is the same record as line %d (--duplicates first or last takes one of them)", again[0].line),
		})
		again = again[1:]
		return nil
	})
}
