package count

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/stock"
)

// Item is the product or SKU of a record. An item with an unknown code has only the
// code.
type Item struct {
	Product   string `json:"product,omitempty"`
	SKU       string `json:"sku,omitempty"`
	Warehouse string `json:"warehouse,omitempty"` // an id
	Code      string `json:"code,omitempty"`      // scanned but unknown
}

// String returns PRODUCT[/SKU], or the code.
func (i Item) String() string {
	return cmp.Or(i.Code, stock.Address{Product: i.Product, SKU: i.SKU}.String())
}

// The steps of a count in the journal.
const (
	stepScan = "scan" // one more of an item
	stepSet  = "set"  // the item's count is Qty
	stepDrop = "drop" // the item is no longer counted
	stepUndo = "undo" // undoes the latest step that is not undone
	stepDone = "done" // counting has ended
)

// step is one line of the journal.
type step struct {
	Do   string `json:"do"`
	Item Item   `json:"item,omitzero"`
	Qty  int64  `json:"qty,omitempty"`
}

// tally is the sum of the steps.
type tally struct {
	steps []step // those not undone
	scans int64
	qty   map[Item]int64
	order []Item // in the order of their first step
	done  bool
}

// read takes the complete lines of a journal, and returns how long they are.
func (t *tally) read(text []byte) (whole int, err error) {
	whole = bytes.LastIndexByte(text, '\n') + 1
	for line := range bytes.Lines(text[:whole]) {
		var one step
		if err := json.Unmarshal(line, &one); err != nil {
			return 0, err
		}
		t.apply(one)
	}
	return whole, nil
}

// apply applies a step to the count.
func (t *tally) apply(s step) {
	switch s.Do {
	case stepDone:
		t.done = true
		return
	case stepUndo:
		if len(t.steps) > 0 {
			t.steps = t.steps[:len(t.steps)-1]
		}
		t.recount()
		return
	}
	t.steps = append(t.steps, s)
	t.add(s)
}

func (t *tally) add(s step) {
	if t.qty == nil {
		t.qty = map[Item]int64{}
	}
	_, known := t.qty[s.Item]
	if s.Do == stepDrop {
		delete(t.qty, s.Item)
		t.order = slices.DeleteFunc(t.order, func(one Item) bool { return one == s.Item })
		return
	}
	if !known {
		t.order = append(t.order, s.Item)
	}
	if s.Do == stepSet {
		t.qty[s.Item] = s.Qty
		return
	}
	t.scans++
	t.qty[s.Item]++
}

func (t *tally) recount() {
	t.qty, t.order, t.scans = nil, nil, 0
	for _, s := range t.steps {
		t.add(s)
	}
}

// last returns the item of the latest step that is not undone.
func (t *tally) last() (Item, bool) {
	if len(t.steps) == 0 {
		return Item{}, false
	}
	return t.steps[len(t.steps)-1].Item, true
}

// Scan counts one more of an item and returns its new count.
func (s *Session) Scan(item Item) (int64, error) {
	if err := s.write(step{Do: stepScan, Item: item}); err != nil {
		return 0, err
	}
	return s.tally.qty[item], nil
}

// SetLast sets the count of the last item scanned.
func (s *Session) SetLast(qty int64) (Item, error) {
	item, any := s.tally.last()
	switch {
	case !any:
		return item, failure.Usagef("nothing has been scanned yet, so there is no count to set")
	case qty < 0:
		return item, failure.Usagef("a count must be 0 or more, not %d", qty)
	}
	return item, s.Set(item, qty)
}

// Set sets the count of an item.
func (s *Session) Set(item Item, qty int64) error {
	return s.write(step{Do: stepSet, Item: item, Qty: qty})
}

// Drop takes an item out of the count, as if it had never been scanned.
func (s *Session) Drop(item Item) error {
	if _, counted := s.tally.qty[item]; !counted {
		return failure.Usagef("it was not counted")
	}
	return s.write(step{Do: stepDrop, Item: item})
}

// Counted returns what was counted so far, in the order of the first scans.
func (s *Session) Counted() []Counted {
	list := make([]Counted, len(s.tally.order))
	for i, item := range s.tally.order {
		list[i] = Counted{item, s.tally.qty[item]}
	}
	return list
}

// Undo undoes the latest step, and returns its item with the new count.
func (s *Session) Undo() (Item, int64, error) {
	item, any := s.tally.last()
	if !any {
		return item, 0, failure.Usagef("there is nothing to undo")
	}
	err := s.write(step{Do: stepUndo})
	return item, s.tally.qty[item], err
}

// Finish ends counting.
func (s *Session) Finish() error {
	if s.tally.done {
		return nil
	}
	return s.write(step{Do: stepDone})
}

// Done reports whether counting has ended.
func (s *Session) Done() bool { return s.tally.done }

// Scans returns the number of scans that are not undone.
func (s *Session) Scans() int64 { return s.tally.scans }

// Items returns the number of different items counted, including unknown codes.
func (s *Session) Items() int { return len(s.tally.order) }

// Counted is an item with its count.
type Counted struct {
	Item
	Qty int64
}

// Counts returns the counts in the order of the first scans. known returns the items
// of codes that were unknown when scanned; their counts are added to those of the
// item.
func (s *Session) Counts(known func(code string) (Item, bool)) (counts []Counted, unknown []Counted) {
	qty, order := maps.Clone(s.tally.qty), []Item(nil)
	for _, item := range s.tally.order {
		if item.Code == "" {
			order = append(order, item)
			continue
		}
		found, ok := known(item.Code)
		if !ok {
			unknown = append(unknown, Counted{item, qty[item]})
			continue
		}
		if _, seen := qty[found]; !seen {
			order = append(order, found)
		}
		qty[found] += qty[item]
	}
	seen := map[Item]bool{}
	for _, item := range order {
		if !seen[item] {
			counts = append(counts, Counted{item, qty[item]})
		}
		seen[item] = true
	}
	return counts, unknown
}
