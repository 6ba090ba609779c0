// Package forecast computes when stock will run out at the recent pace of sales, and
// what to order or move before then. It does no input or output.
package forecast

import (
	"math"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/movements"
)

// day is the length of a day of sales.
const day = 24 * time.Hour

// Options determine which sales count and how long stock should last.
type Options struct {
	Now    time.Time
	Window int // days of sales to count, until now
	Cover  int // days that stock should last
	// LogFrom is the time since when the log is complete. If it is within the
	// window, sales are averaged over fewer days.
	LogFrom time.Time
}

// Sales adds up the sales of each record.
type Sales struct {
	Options
	begin   time.Time
	records map[string]*tally
	// Undated is the number of sales without a time, which do not count.
	Undated int
}

type tally struct {
	sold  int64     // within the window
	first time.Time // the first movement of any kind
}

// New returns empty Sales.
func New(o Options) *Sales {
	return &Sales{Options: o, begin: o.Now.Add(-time.Duration(o.Window) * day), records: map[string]*tally{}}
}

// Begin is the time since when sales count.
func (s *Sales) Begin() time.Time {
	if s.LogFrom.After(s.begin) && s.LogFrom.Before(s.Now) {
		return s.LogFrom
	}
	return s.begin
}

// Add counts a movement. It keeps the sign, so that a sale that was logged and then
// reversed adds up to nothing.
func (s *Sales) Add(m movements.Movement) {
	if !m.Dated {
		if m.Action == api.ActionSold {
			s.Undated++
		}
		return
	}
	t := s.records[m.RecordID]
	if t == nil {
		t = &tally{first: m.At}
		s.records[m.RecordID] = t
	}
	if m.At.Before(t.first) {
		t.first = m.At
	}
	if m.Action == api.ActionSold && !m.At.Before(s.begin) {
		t.sold -= m.Qty
	}
}

// Outlook is the forecast for a record.
type Outlook struct {
	Record api.Record
	Sold   int64   // units, within the window
	Days   float64 // the days in which they were sold
	// Lasts is how long the available quantity will last. Sells is false if
	// nothing was sold.
	Lasts time.Duration
	Sells bool
	// Needs is the quantity that would last for Cover days.
	Needs int64
	// Lacks is how much is missing to reach Needs and exceed the reorder level.
	Lacks int64
}

// Of returns the forecast for a record.
func (s *Sales) Of(r api.Record) Outlook {
	o := Outlook{Record: r, Days: float64(s.Window)}
	begin := s.Begin()
	if t := s.records[r.ID]; t != nil {
		o.Sold = max(0, t.sold)
		// The sales of a record that is newer than the window happened in
		// fewer days.
		if born := r.CreatedAt; born != nil {
			begin = later(begin, earlier(born.Time, t.first))
		}
	}
	if begin.After(s.begin) {
		o.Days = max(1, s.Now.Sub(begin).Hours()/24)
	}
	available := value(r.AvailableQty)
	if o.Sold > 0 {
		o.Sells = true
		o.Needs = int64(math.Ceil(float64(o.Sold*int64(s.Cover)) / o.Days))
		o.Lasts = time.Duration(min(float64(max(0, available))*o.Days/float64(o.Sold)*float64(day), math.MaxInt64/2))
	}
	o.Lacks = max(0, o.Needs-available)
	if r.Low() {
		o.Lacks = max(o.Lacks, *r.ReorderLevel+1-available)
	}
	return o
}

// DaysOfCover is how many days the stock will last, rounded down to a tenth.
func (o Outlook) DaysOfCover() float64 { return math.Floor(o.Lasts.Hours()/24*10+1e-9) / 10 }

// PerDay is the quantity sold per day, rounded to a hundredth.
func (o Outlook) PerDay() float64 { return math.Round(float64(o.Sold)/o.Days*100) / 100 }

// Order is how much to order if some stock was found elsewhere: the rest of what is
// missing, but at least the record's reorder quantity.
func (o Outlook) Order(found int64) int64 {
	missing := o.Lacks - found
	if missing <= 0 {
		return 0
	}
	return max(missing, value(o.Record.ReorderQty))
}

// Spare is how much the record can give away and still last for Cover days and stay
// above its reorder level.
func (o Outlook) Spare() int64 {
	keep := o.Needs
	if level := o.Record.ReorderLevel; level != nil {
		keep = max(keep, *level+1)
	}
	return max(0, value(o.Record.AvailableQty)-keep)
}

// Compare orders by urgency: first by when the stock runs out, then by how much is
// missing.
func (o Outlook) Compare(other Outlook) int {
	switch {
	case o.Sells != other.Sells:
		if o.Sells {
			return -1
		}
		return 1
	case o.Lasts != other.Lasts:
		return compare(int64(o.Lasts), int64(other.Lasts))
	case o.Lacks != other.Lacks:
		return compare(other.Lacks, o.Lacks)
	}
	return 0
}

func compare(a, b int64) int {
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

func value(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
