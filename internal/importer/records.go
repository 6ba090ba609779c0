package importer

import (
	"cmp"
	"hash/maphash"
	"slices"
	"sort"
	"sync"

	"github.com/bayworks/stockctl/internal/api"
)

// recordState is what the API reports about a record.
type recordState struct {
	id     string
	other  string // another record with the same key; "": none
	onHand int64
	known  bool // the API reported onHand
}

func stateOf(r api.Record) recordState {
	a := recordState{id: r.ID}
	if r.OnHandQty != nil {
		a.onHand, a.known = *r.OnHandQty, true
	}
	return a
}

// records are the store's records, by the keys that the rows use. There may be as many as
// the file has rows, so each takes 32 bytes and its id, and has no pointers for the
// garbage collector to follow. Fill it first, then sort it, then look records up.
type records struct {
	byID bool // rows name records by id
	both bool // rows name records by address, too
	seed maphash.Seed

	mu    sync.Mutex
	parts [1 << partBits][]existing // by the first bits of the hash
	ids   textStore
}

// existing is a record of the store. The hash is that of its key: 64 bits with a secret
// seed.
type existing struct {
	hash   uint64
	onHand int64
	id     textSpan
	known  bool
}

func newRecords(byID bool) *records { return &records{byID: byID, seed: maphash.MakeSeed()} }

// put is safe for concurrent use. A record that is put twice counts as it was put last.
func (r *records) put(record api.Record) {
	key := keyOf(record)
	if r.byID {
		key = Key{Record: record.ID}
	}
	r.keep(key, stateOf(record))
	if r.byID && r.both {
		r.keep(keyOf(record), stateOf(record))
	}
}

func (r *records) keep(key Key, a recordState) {
	hash := maphash.Comparable(r.seed, key)
	r.mu.Lock()
	defer r.mu.Unlock()
	part := &r.parts[hash>>(64-partBits)]
	*part = append(*part, existing{hash, a.onHand, r.ids.put(a.id), a.known})
}

func (r *records) sort() {
	for _, part := range r.parts {
		slices.SortStableFunc(part, func(a, b existing) int { return cmp.Compare(a.hash, b.hash) })
	}
}

func (r *records) get(key Key) (recordState, bool) {
	hash := maphash.Comparable(r.seed, key)
	part := r.parts[hash>>(64-partBits)]
	after := sort.Search(len(part), func(i int) bool { return part[i].hash > hash })
	if after == 0 || part[after-1].hash != hash {
		return recordState{}, false
	}
	s := part[after-1]
	got := recordState{id: r.ids.get(s.id), onHand: s.onHand, known: s.known}
	for i := after - 2; i >= 0 && part[i].hash == hash && got.other == ""; i-- {
		if id := r.ids.get(part[i].id); id != got.id {
			got.other = id
		}
	}
	return got, true
}

// textStore stores many short texts in few allocations.
type textStore struct{ pieces [][]byte }

// textSpan is where a textStore has a text: the piece, and the start and end in it.
type textSpan struct{ piece, from, to uint32 }

const pieceSize = 64 << 10

func (b *textStore) put(text string) textSpan {
	last := len(b.pieces) - 1
	if last < 0 || cap(b.pieces[last])-len(b.pieces[last]) < len(text) {
		b.pieces = append(b.pieces, make([]byte, 0, max(pieceSize, len(text))))
		last++
	}
	from := len(b.pieces[last])
	b.pieces[last] = append(b.pieces[last], text...)
	return textSpan{uint32(last), uint32(from), uint32(from + len(text))}
}

func (b *textStore) get(p textSpan) string { return string(b.pieces[p.piece][p.from:p.to]) }
