package importer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/stock"
)

func TestRecords(t *testing.T) {
	const count = 10_000
	for _, byID := range []bool{false, true} {
		r := newRecords(byID)
		key := func(i int) Key {
			if byID {
				return Key{Record: fmt.Sprint("inv_", i)}
			}
			return Key{Address: stock.Address{Product: fmt.Sprint("p", i/2), SKU: strings.Repeat("s", i%2), Warehouse: "w"}}
		}
		if _, found := r.get(key(0)); found {
			t.Error("nothing was stored")
		}
		for _, add := range []int64{1, 2} { // the later one counts
			for i := range count {
				record := api.Record{ID: fmt.Sprint("inv_", i), ProductID: fmt.Sprint("p", i/2), SKUID: strings.Repeat("s", i%2), WarehouseID: "w"}
				if onHand := int64(i) + add; i%3 > 0 {
					record.OnHandQty = &onHand
				}
				r.put(record)
			}
		}
		r.sort()
		for i := range count {
			want := recordState{id: fmt.Sprint("inv_", i)}
			if i%3 > 0 {
				want.onHand, want.known = int64(i)+2, true
			}
			if got, found := r.get(key(i)); !found || got != want {
				t.Fatalf("%d: got %+v, %v, want %+v", i, got, found, want)
			}
			if _, found := r.get(key(i + count)); found {
				t.Fatalf("%d was not stored", i+count)
			}
		}
	}
}

func TestARecordThatIsPutTwiceCountsAsLast(t *testing.T) {
	r := newRecords(false)
	for onHand := range int64(100) {
		r.put(api.Record{ID: "inv_1", ProductID: "p", WarehouseID: "w", OnHandQty: &onHand})
	}
	r.sort()
	want := recordState{id: "inv_1", onHand: 99, known: true}
	if got, _ := r.get(Key{Address: stock.Address{Product: "p", Warehouse: "w"}}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestTwoRecordsOfAKey(t *testing.T) {
	for _, ids := range [][]string{{"inv_1", "inv_2"}, {"inv_2", "inv_1", "inv_1"}} {
		r := newRecords(false)
		for _, id := range ids {
			r.put(api.Record{ID: id, ProductID: "p", WarehouseID: "w"})
		}
		r.sort()
		if got, _ := r.get(Key{Address: stock.Address{Product: "p", Warehouse: "w"}}); got.id == got.other || got.other == "" {
			t.Errorf("records %v: got %+v, want two different ids", ids, got)
		}
	}
}

func TestTextStore(t *testing.T) {
	var b textStore
	var places []textSpan
	texts := []string{"", "a", strings.Repeat("b", 3*pieceSize), strings.Repeat("c", pieceSize-1), "d", "e", strings.Repeat("f", pieceSize), ""}
	for _, text := range texts {
		places = append(places, b.put(text))
	}
	for i, text := range texts {
		if got := b.get(places[i]); got != text {
			t.Errorf("text %d: got %d bytes, want %d", i, len(got), len(text))
		}
	}
}
