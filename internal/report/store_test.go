package report

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/forecast"
	"github.com/bayworks/stockctl/internal/movements"
)

func now() time.Time { return time.Date(2026, 11, 28, 18, 0, 0, 0, time.UTC) }

func emptyStore(days int) *Store {
	return New(Options{
		Store: "a shop", Now: now(), Since: now().AddDate(0, 0, -days), Zone: time.UTC, Cover: 14, Window: 28,
		Sales: forecast.New(forecast.Options{Now: now(), Window: 28, Cover: 14}),
		Name:  func(r api.Record) Names { return Names{Product: r.ProductID, SKU: r.SKUID, Warehouse: r.WarehouseID} },
	})
}

// The quantity on hand on each day must be right whether or not the log contains the
// initial stock.
func TestOnHandByDay(t *testing.T) {
	for seed := range uint64(30) {
		random := rand.New(rand.NewPCG(seed, 5))
		s := emptyStore(40)
		truth := map[string][]int64{}
		var log []movements.Movement
		for i := range 12 {
			place := fmt.Sprintf("wh_%d", i%3)
			if truth[place] == nil {
				truth[place] = make([]int64, 41)
			}
			born := now().AddDate(0, 0, -random.IntN(60))
			first := random.Int64N(50)
			change := func(at time.Time, action string, qty int64, logged bool) {
				if logged {
					log = append(log, movements.Movement{ID: fmt.Sprint(len(log)), RecordID: fmt.Sprint(i), Action: action, Qty: qty, At: at, Dated: true})
				}
				if action == "RESERVED" {
					return
				}
				for day := range 41 {
					if !s.begin.AddDate(0, 0, day+1).Before(at) && !at.Equal(s.begin.AddDate(0, 0, day+1)) {
						truth[place][day] += qty
					}
				}
			}
			change(born, "RECEIVED", first, i%2 == 0)
			for range random.IntN(30) {
				at := born.Add(time.Duration(random.Int64N(int64(now().Sub(born)) + 1)))
				change(at, []string{"SOLD", "RECEIVED", "RESERVED"}[random.IntN(3)], random.Int64N(9)-4, true)
			}
			on := truth[place][40]
			for _, h := range s.order {
				if h.WarehouseID == place {
					on -= *h.OnHandQty
				}
			}
			s.AddRecord(api.Record{ID: fmt.Sprint(i), WarehouseID: place, OnHandQty: &on, AvailableQty: &on, CreatedAt: &api.Time{Time: born, Zoned: true}})
		}
		random.Shuffle(len(log), func(i, j int) { log[i], log[j] = log[j], log[i] })
		for _, m := range log {
			s.AddMovement(m)
		}
		s.complete()
		for _, p := range s.warehouses {
			if got := s.onHand(p); !slices.Equal(got, truth[p.id]) {
				t.Fatalf("seed %d, %s\n got %v\nwant %v", seed, p.id, got, truth[p.id])
			}
		}
	}
}

// The axes of charts have round numbers, and everything is drawn inside.
func TestAxes(t *testing.T) {
	for _, ends := range [][2]int64{{0, 0}, {0, 1}, {0, 7}, {-3, 12}, {-40, 0}, {0, 99_999}, {-2_000_000_000, 2_000_000_000}} {
		c := scale{n: 10}
		c.widen(ends[0])
		c.widen(ends[1])
		rows := c.round()
		if len(rows) < 2 || len(rows) > 9 || c.low > ends[0] || c.high < ends[1] {
			t.Errorf("%v: %v from %d to %d", ends, rows, c.low, c.high)
		}
		for _, v := range ends {
			if y := c.y(v); y < top || y > chartHeight-bottom {
				t.Errorf("%v: %d is drawn at %g", ends, v, y)
			}
		}
	}
}

// For a long time, columns cover several days. The page shows the warnings.
func TestLongTime(t *testing.T) {
	s := emptyStore(3000)
	five, level := int64(5), int64(9)
	s.AddRecord(api.Record{ID: "inv", ProductID: "p", WarehouseID: "w", OnHandQty: &five, AvailableQty: &five, ReorderLevel: &level})
	s.AddMovement(movements.Movement{RecordID: "inv", Action: "SOLD", Qty: -3, At: now().AddDate(0, 0, -2000), Dated: true})
	s.AddMovement(movements.Movement{RecordID: "inv", Action: "RECEIVED", Qty: 90, At: now(), Dated: true})
	s.AddMovement(movements.Movement{RecordID: "gone", Action: "SOLD", Qty: -3, At: now(), Dated: true})
	s.LogFrom = now().AddDate(0, 0, -100)
	if len(s.buckets) > maxBuckets {
		t.Errorf("%d columns", len(s.buckets))
	}
	var page bytes.Buffer
	if err := s.Write(&page); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"The movement log", "disagrees with the current stock of 1 record", "1 movement belongs to deleted records and not counted",
		"not certain before 2026-08-20", "The framed part is not certain", "Content-Security-Policy",
	} {
		if !strings.Contains(strings.ReplaceAll(page.String(), "the movement log", "The movement log"), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
