package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/forecast"
	"github.com/bayworks/stockctl/internal/movements"
)

// maxBuckets is the maximum number of columns in a chart. For a longer time, a column
// covers several days.
const maxBuckets = 180

// Names are the readable names of a record.
type Names struct{ Product, SKU, Warehouse string }

// Options describe the contents of a report.
type Options struct {
	Store    string // the name of the store
	Now      time.Time
	Since    time.Time // the beginning of charts, movers and shrinkage
	Zone     *time.Location
	Cover    int // days
	Window   int // days
	Warnings []string
	LogFrom  time.Time // since when the log is complete
	Gaps     bool      // the log has gaps at unknown places
	Sales    *forecast.Sales
	Name     func(api.Record) Names
}

// Store collects records and movements and writes the page. Add all records before
// the movements.
type Store struct {
	Options
	records     map[string]*holding
	order       []*holding
	warehouses  []*warehouseTotals
	byWarehouse map[string]*warehouseTotals
	begin       time.Time // midnight before Since
	days        int
	buckets     []bucket
	actions     map[string]*actionSum
	strangers   int // movements of records that no longer exist
}

// holding is a record with the totals of its movements.
type holding struct {
	api.Record
	forecast.Outlook
	place    *warehouseTotals
	sold     int64
	lastSold time.Time
	damaged  int64
	adjusted int64 // removed by adjustments
	changed  int64 // by all movements in the log
}

// warehouseTotals is a warehouse.
type warehouseTotals struct {
	id, name                 string
	records, low, out        int
	onHand, reserved, onSale int64
	byDay                    []int64 // changes to the quantity on hand, by day
	damaged, adjusted, sold  int64
}

// bucket contains the units moved in one column of the chart.
type bucket struct {
	in, out map[string]int64 // units by action
}

type actionSum struct {
	action  string
	count   int
	in, out int64
}

// New returns an empty report.
func New(o Options) *Store {
	year, month, day := o.Since.In(o.Zone).Date()
	s := &Store{Options: o, records: map[string]*holding{}, byWarehouse: map[string]*warehouseTotals{}, actions: map[string]*actionSum{}}
	s.begin = time.Date(year, month, day, 0, 0, 0, 0, o.Zone)
	s.days = s.dayOf(o.Now) + 1
	s.buckets = make([]bucket, (s.days+s.perBucket()-1)/s.perBucket())
	for i := range s.buckets {
		s.buckets[i] = bucket{map[string]int64{}, map[string]int64{}}
	}
	return s
}

// perBucket is how many days one column of a chart covers.
func (s *Store) perBucket() int { return (s.days + maxBuckets - 1) / maxBuckets }

// dayOf returns the number of days since begin. Days can have 23 or 25 hours.
func (s *Store) dayOf(t time.Time) int {
	year, month, day := t.In(s.Zone).Date()
	at := time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
	year, month, day = s.begin.Date()
	return int(at.Sub(time.Date(year, month, day, 0, 0, 0, 0, time.UTC)).Hours() / 24)
}

// AddRecord adds a record with its current stock.
func (s *Store) AddRecord(r api.Record) {
	h := &holding{Record: r, Outlook: s.Sales.Of(r), place: s.totalsOf(r)}
	s.records[r.ID] = h
	s.order = append(s.order, h)
	p := h.place
	p.records++
	p.onHand += value(r.OnHandQty)
	p.reserved += value(r.ReservedQty)
	p.onSale += value(r.AvailableQty)
	if r.Low() {
		p.low++
	}
	if value(r.AvailableQty) <= 0 {
		p.out++
	}
}

func (s *Store) totalsOf(r api.Record) *warehouseTotals {
	p := s.byWarehouse[r.WarehouseID]
	if p == nil {
		p = &warehouseTotals{id: r.WarehouseID, name: s.Name(r).Warehouse, byDay: make([]int64, s.days)}
		s.byWarehouse[r.WarehouseID] = p
		s.warehouses = append(s.warehouses, p)
	}
	return p
}

// AddMovement adds a movement. The order does not matter.
func (s *Store) AddMovement(m movements.Movement) {
	h := s.records[m.RecordID]
	if h == nil {
		s.strangers++
		return
	}
	onHand, _ := m.Stock()
	h.changed += onHand
	if m.Action == api.ActionSold && m.At.After(h.lastSold) {
		h.lastSold = m.At
	}
	if !m.Dated || m.At.Before(s.begin) {
		return
	}
	day := min(s.dayOf(m.At), s.days-1)
	h.place.byDay[day] += onHand
	s.sum(m, onHand, &s.buckets[day/s.perBucket()])
	switch {
	case m.Action == api.ActionSold:
		h.sold -= onHand
		h.place.sold -= onHand
	case m.Action == api.ActionDamaged:
		h.damaged -= onHand
		h.place.damaged -= onHand
	case m.Action == api.ActionAdjusted && onHand < 0:
		h.adjusted -= onHand
		h.place.adjusted -= onHand
	}
}

func (s *Store) sum(m movements.Movement, onHand int64, b *bucket) {
	a := s.actions[m.Action]
	if a == nil {
		a = &actionSum{action: m.Action}
		s.actions[m.Action] = a
	}
	a.count++
	switch {
	case onHand > 0:
		a.in += onHand
		b.in[m.Action] += onHand
	case onHand < 0:
		a.out -= onHand
		b.out[m.Action] -= onHand
	}
}

// onHand returns the quantity on hand in a warehouse at the end of each day, computed
// backwards from the current quantity.
func (s *Store) onHand(p *warehouseTotals) []int64 {
	out := make([]int64, s.days)
	now := p.onHand
	for day := s.days - 1; day >= 0; day-- {
		out[day] = now
		now -= p.byDay[day]
	}
	return out
}

// complete finishes the totals after the last movement. Initial stock that is not in
// the log counts as received on the day the record was created.
func (s *Store) complete() {
	disagree := 0
	for _, h := range s.order {
		first := value(h.OnHandQty) - h.changed
		if first < 0 && !s.Gaps {
			disagree++
		}
		if at := h.CreatedAt; first > 0 && at != nil && !at.Before(s.begin) && !at.After(s.Now) {
			h.place.byDay[s.dayOf(at.Time)] += first
		}
	}
	if disagree > 0 {
		s.Warnings = append(s.Warnings, "the movement log disagrees with the current stock of "+
			failure.Count(disagree, "record", "records")+": earlier quantities on hand are not certain")
	}
	if s.strangers > 0 {
		s.Warnings = append(s.Warnings, failure.Count(s.strangers, "movement belongs", "movements belong")+" to deleted records and not counted")
	}
	slices.SortFunc(s.warehouses, func(a, b *warehouseTotals) int {
		return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.id, b.id))
	})
}

func value(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}
