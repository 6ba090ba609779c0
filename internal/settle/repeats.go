package settle

import (
	"context"
	"fmt"
	"strings"

	"github.com/bayworks/stockctl/internal/api"
)

// Repeat is a token in more than one entry of the log: the API applied a movement more
// than once.
type Repeat struct {
	Token  string
	Record string
	Qty    int64
	More   int64 // times beyond the first
}

// Repeats returns the repeated tokens with a tag since a watermark.
func (l *Log) Repeats(ctx context.Context, since Watermark, tag string) ([]Repeat, error) {
	seen, repeats := tagged{}, map[string]*Repeat{}
	var order []string
	err := l.After(ctx, since, func(entry api.Movement) bool {
		token := TokenOf(entry)
		of, row, ok := SplitToken(token)
		if !ok || of != tag || !seen.again(row) {
			return true
		}
		r := repeats[token]
		if r == nil {
			r = &Repeat{Token: token, Record: entry.InventoryID, Qty: entry.QtyChange}
			repeats[token] = r
			order = append(order, token)
		}
		r.More++
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("checking in the movement log that nothing was applied twice: %w", err)
	}
	out := make([]Repeat, len(order))
	for i, token := range order {
		out[i] = *repeats[token]
	}
	return out, nil
}

// tagged is a compact set of row tags, which are 60-bit numbers, because a run may have
// a million of them.
type tagged struct {
	slots []uint64 // 0 is free; a power of two
	used  int
}

// again adds a row tag and reports whether it was already in the set.
func (t *tagged) again(row string) bool {
	if 4*t.used >= 3*len(t.slots) {
		t.grow()
	}
	slot := t.find(number(row))
	if *slot != 0 {
		return true
	}
	*slot = number(row)
	t.used++
	return false
}

func (t *tagged) find(n uint64) *uint64 {
	mask := uint64(len(t.slots) - 1)
	for i := n & mask; ; i = (i + 1) & mask {
		if slot := &t.slots[i]; *slot == 0 || *slot == n {
			return slot
		}
	}
}

func (t *tagged) grow() {
	old := t.slots
	t.slots = make([]uint64, max(64, 2*len(old)))
	for _, n := range old {
		if n != 0 {
			*t.find(n) = n
		}
	}
}

// number returns a row tag as a number, which is never 0.
func number(row string) (n uint64) {
	for _, c := range row {
		n = n<<5 | uint64(strings.IndexRune(alphabet, c))
	}
	return n<<1 | 1
}
