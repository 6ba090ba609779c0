package bulk

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/maphash"
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/ledger"
	"github.com/bayworks/stockctl/internal/settle"
)

// seenTable remembers where each of many keys was seen, in 16 bytes a key: a
// hash of 64 bits under a secret seed, and two numbers.
type seenTable[K comparable] struct {
	seed  maphash.Seed
	slots []slot
	used  int
}

type slot struct {
	hash uint64 // 0: free
	a, b uint32
}

func newSeenTable[K comparable]() *seenTable[K] {
	return &seenTable[K]{seed: maphash.MakeSeed(), slots: make([]slot, 1024)}
}

// find returns the slot of a key; the second value tells whether it was taken.
// A free slot is taken by it.
func (t *seenTable[K]) find(key K) (*slot, bool) {
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

// get returns the slot of a key, nil when it was never seen.
func (t *seenTable[K]) get(key K) *slot {
	hash := t.hash(key)
	if s := t.slot(hash); s.hash == hash {
		return s
	}
	return nil
}

func (t *seenTable[K]) hash(key K) uint64 { return max(1, maphash.Comparable(t.seed, key)) }

func (t *seenTable[K]) slot(hash uint64) *slot {
	mask := uint64(len(t.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		if s := &t.slots[i]; s.hash == hash || s.hash == 0 {
			return s
		}
	}
}

func (t *seenTable[K]) grow() {
	old := t.slots
	t.slots = make([]slot, 2*len(old))
	for _, s := range old {
		if s.hash != 0 {
			*t.slot(s.hash) = s
		}
	}
}

// carried is reference and notes of a movement with its token in place.
func carried(token string, a api.Adjustment) (reference, notes string) {
	return settle.Carry(token, a.Reference, a.Notes)
}

// content is what makes two rows of a file the same movement. What has to be
// told apart by counting is the part of the token that leaves the notes out.
type content struct {
	key               Key
	action, reference string
	qty               int64
}

func contentOf(w *ledger.Write) content {
	return content{w.Key, w.Change.Action, w.Change.Reference, w.Change.Qty}
}

// whole is content with the notes: rows that are equal in all they say.
type whole struct {
	content
	notes string
}

// occurrenceHash tells in a short word what a row said.
func occurrenceHash(w *ledger.Write) string {
	c := w.Change
	sum := sha256.Sum256([]byte(strings.Join([]string{w.Key.Text(), c.Action, strconv.FormatInt(c.Qty, 10), c.Reference, "", c.Notes}, "\x00")))
	return hex.EncodeToString(sum[:4])
}

// occurrenceText is what the column _n of a reject file holds.
func occurrenceText(w *ledger.Write) string {
	if w.Occurrence == 0 {
		return ""
	}
	return strconv.Itoa(w.Occurrence) + ":" + occurrenceHash(w)
}

// entrySlot keeps what a log entry says of its token in a slot: hash of the
// record, 0 for unknown, and the size of the quantity.
func (t *seenTable[K]) entry(s *slot, entry api.Movement) {
	if entry.InventoryID != "" {
		s.a = t.short(entry.InventoryID)
	}
	s.b = size(entry.QtyChange)
}

func (t *seenTable[K]) short(text string) uint32 {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], maphash.String(t.seed, text))
	return max(1, binary.LittleEndian.Uint32(b[:4]))
}

func size(qty int64) uint32 {
	if qty < 0 {
		qty = -qty
	}
	return uint32(min(qty, 1<<32-1))
}
