package ledger

import (
	"strconv"
	"testing"

	"github.com/bayworks/stockctl/internal/stock"
)

// A plan stops looking up the texts of a column if nearly all are new.
func TestWhenTextsAreNotLookedUp(t *testing.T) {
	const many = dictionarySize + 8
	for name, c := range map[string]struct {
		fails, hits int
		hopeless    bool
	}{
		"too few to tell":       {dictionarySize, 0, false},
		"nothing but new ones":  {dictionarySize + 1, 0, true},
		"one in eight is known": {many, many / 8, false},
		"fewer are known":       {many, many/8 - 1, true},
	} {
		if w := (words{fails: c.fails, hits: c.hits}); w.hopeless() != c.hopeless {
			t.Errorf("%s: got %t, want %t", name, w.hopeless(), c.hopeless)
		}
	}
}

// The dictionary of a column has a bound. What is found in it, and what is not once it is
// full, is counted.
func TestADictionaryIsBounded(t *testing.T) {
	const over, found = 10, 7
	e := newEncoder(stock.Adjust)
	for i := range dictionarySize + over {
		e.text(textNotes, strconv.Itoa(i))
	}
	for i := range found {
		e.text(textNotes, strconv.Itoa(i))
	}
	if w := e.texts[textNotes]; len(w.known) != dictionarySize || w.fails != over || w.hits != found {
		t.Errorf("%d texts are known, %d were not found, %d were", len(w.known), w.fails, w.hits)
	}
}

// Quantities are compared without their sign, in 32 bits.
func TestSizeOfAQuantity(t *testing.T) {
	for qty, want := range map[int64]uint32{0: 0, 5: 5, -5: 5, 1<<32 - 1: 1<<32 - 1, 1 << 40: 1<<32 - 1, -1 << 40: 1<<32 - 1} {
		if got := size(qty); got != want {
			t.Errorf("%d has the size %d, want %d", qty, got, want)
		}
	}
}
