package forecast_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/forecast"
	"github.com/bayworks/stockctl/internal/movements"
)

func now() time.Time { return time.Date(2026, 11, 28, 18, 0, 0, 0, time.UTC) }

func ptr(n int64) *int64 { return &n }

// stock is a record created long ago.
func stock(id, warehouse string, available int64) api.Record {
	return api.Record{
		ID: id, ProductID: "prod_1", WarehouseID: warehouse, AvailableQty: ptr(available),
		CreatedAt: &api.Time{Time: now().AddDate(-1, 0, 0), Zoned: true},
	}
}

func sold(record string, qty int64, daysAgo float64) movements.Movement {
	return movements.Movement{RecordID: record, Action: "SOLD", Qty: -qty, Dated: true, At: now().Add(-time.Duration(daysAgo * 24 * float64(time.Hour)))}
}

func TestOutlook(t *testing.T) {
	for name, test := range map[string]struct {
		record  func(*api.Record)
		log     []movements.Movement
		logFrom time.Time

		sold, needs, lacks, order, spare int64
		days, cover                      float64
		sells                            bool
	}{
		"nothing sold": {days: 28, spare: 40},
		"lasts": {
			log: []movements.Movement{sold("inv", 28, 3)}, days: 28, sold: 28, sells: true, cover: 40, needs: 14, spare: 26,
		},
		"runs out": {
			log: []movements.Movement{sold("inv", 100, 3), sold("inv", 12, 27.9)}, days: 28, sold: 112, sells: true, cover: 10, needs: 56, lacks: 16, order: 16,
		},
		"never below the reorder quantity": {
			record: func(r *api.Record) { r.ReorderQty = ptr(25) },
			log:    []movements.Movement{sold("inv", 112, 3)}, days: 28, sold: 112, sells: true, cover: 10, needs: 56, lacks: 16, order: 25,
		},
		"parts of a unit are rounded up": {
			record: func(r *api.Record) { r.AvailableQty = ptr(0) },
			log:    []movements.Movement{sold("inv", 1, 3)}, days: 28, sold: 1, sells: true, needs: 1, lacks: 1, order: 1,
		},
		"below zero": {
			record: func(r *api.Record) { r.AvailableQty = ptr(-3) },
			log:    []movements.Movement{sold("inv", 28, 3)}, days: 28, sold: 28, sells: true, needs: 14, lacks: 17, order: 17,
		},
		"outside the window":        {log: []movements.Movement{sold("inv", 28, 28.01)}, days: 28, spare: 40},
		"on the edge of the window": {log: []movements.Movement{sold("inv", 28, 28)}, days: 28, sold: 28, sells: true, cover: 40, needs: 14, spare: 26},
		"sold from another record":  {log: []movements.Movement{sold("inv_2", 28, 3)}, days: 28, spare: 40},
		"damaged, not sold": {
			log: []movements.Movement{{RecordID: "inv", Action: "DAMAGED", Qty: -9, Dated: true, At: now()}}, days: 28, spare: 40,
		},
		"reversed sale": {
			log: []movements.Movement{sold("inv", 28, 3), sold("inv", -28, 2)}, days: 28, spare: 40,
		},
		"low by its reorder level": {
			record: func(r *api.Record) { r.ReorderLevel = ptr(45) }, days: 28, lacks: 6, order: 6,
		},
		"low, with a reorder quantity": {
			record: func(r *api.Record) { r.ReorderLevel, r.ReorderQty = ptr(40), ptr(100) }, days: 28, lacks: 1, order: 100,
		},
		"keeps its reorder level": {
			record: func(r *api.Record) { r.ReorderLevel = ptr(30) }, days: 28, spare: 9,
		},
		"new record": {
			record: func(r *api.Record) { r.CreatedAt = &api.Time{Time: now().AddDate(0, 0, -7), Zoned: true} },
			log:    []movements.Movement{sold("inv", 70, 3)}, days: 7, sold: 70, sells: true, cover: 4, needs: 140, lacks: 100, order: 100,
		},
		"copied record": {
			record: func(r *api.Record) { r.CreatedAt = &api.Time{Time: now().AddDate(0, 0, -1), Zoned: true} },
			log:    []movements.Movement{sold("inv", 28, 14), sold("inv", 1, 90)}, days: 28, sold: 28, sells: true, cover: 40, needs: 14, spare: 26,
		},
		"log begins within the window": {
			logFrom: now().AddDate(0, 0, -14),
			log:     []movements.Movement{sold("inv", 28, 3)}, days: 14, sold: 28, sells: true, cover: 20, needs: 28, spare: 12,
		},
		"created today": {
			record: func(r *api.Record) { r.CreatedAt = &api.Time{Time: now().Add(-time.Hour), Zoned: true} },
			log:    []movements.Movement{sold("inv", 5, 0.01)}, days: 1, sold: 5, sells: true, cover: 8, needs: 70, lacks: 30, order: 30,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := forecast.New(forecast.Options{Now: now(), Window: 28, Cover: 14, LogFrom: test.logFrom})
			for _, m := range test.log {
				s.Add(m)
			}
			r := stock("inv", "wh_1", 40)
			if test.record != nil {
				test.record(&r)
			}
			got := s.Of(r)
			if got.Sold != test.sold || got.Needs != test.needs || got.Lacks != test.lacks || got.Order(0) != test.order ||
				got.Spare() != test.spare || got.Days != test.days || got.DaysOfCover() != test.cover || got.Sells != test.sells {
				t.Errorf("got %+v, order %d, spare %d, cover %g; want %+v", got, got.Order(0), got.Spare(), got.DaysOfCover(), test)
			}
		})
	}
}

func TestUndatedSales(t *testing.T) {
	s := forecast.New(forecast.Options{Now: now(), Window: 28, Cover: 14})
	s.Add(movements.Movement{RecordID: "inv", Action: "SOLD", Qty: -4})
	s.Add(movements.Movement{RecordID: "inv", Action: "RECEIVED", Qty: 4})
	if s.Undated != 1 || s.Of(stock("inv", "wh_1", 4)).Sold != 0 {
		t.Errorf("%d are left out", s.Undated)
	}
}

// No record gives more than it can spare or gets more than it lacks, and as much as
// possible of what is lacking is found.
func TestMoves(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 3))
		s := forecast.New(forecast.Options{Now: now(), Window: 28, Cover: 14})
		var all, lacking []forecast.Outlook
		var spare, lacks int64
		for i := range 6 {
			r := stock(fmt.Sprintf("inv_%d", i), fmt.Sprintf("wh_%d", i), random.Int64N(60))
			s.Add(sold(r.ID, random.Int64N(100), 1))
			o := s.Of(r)
			all = append(all, o)
			if spare += o.Spare(); o.Lacks > 0 {
				lacking = append(lacking, o)
				lacks += o.Lacks
			}
		}
		other := stock("inv_other", "wh_9", 5000)
		other.ProductID = "prod_2"
		all = append(all, s.Of(other))
		moves, found := forecast.Moves(lacking, all)
		given, got, total := map[string]int64{}, map[string]int64{}, int64(0)
		for _, m := range moves {
			given[m.From.Record.ID] += m.Qty
			got[m.To.Record.ID] += m.Qty
			total += m.Qty
			if m.Qty <= 0 || given[m.From.Record.ID] > m.From.Spare() || got[m.To.Record.ID] > m.To.Lacks || m.From.Record.ProductID != "prod_1" {
				t.Fatalf("seed %d: %+v", seed, m)
			}
		}
		if total != min(spare, lacks) {
			t.Errorf("seed %d: %d moved, of %d to spare and %d lacking", seed, total, spare, lacks)
		}
		for _, o := range lacking {
			if found[o.Record.ID] != got[o.Record.ID] || got[o.Record.ID] == o.Lacks && o.Order(found[o.Record.ID]) != 0 {
				t.Errorf("seed %d: %s", seed, o.Record.ID)
			}
		}
	}
}

func TestUrgency(t *testing.T) {
	s := forecast.New(forecast.Options{Now: now(), Window: 28, Cover: 14})
	s.Add(sold("fast", 100, 1))
	s.Add(sold("slow", 10, 1))
	low := stock("low", "w", 3)
	low.ReorderLevel = ptr(5)
	lower := stock("lower", "w", 3)
	lower.ReorderLevel = ptr(50)
	order := []api.Record{stock("fast", "w", 10), stock("slow", "w", 10), lower, low}
	for i := range order[1:] {
		if s.Of(order[i]).Compare(s.Of(order[i+1])) >= 0 || s.Of(order[i+1]).Compare(s.Of(order[i])) <= 0 {
			t.Errorf("%s is not before %s", order[i].ID, order[i+1].ID)
		}
	}
}
