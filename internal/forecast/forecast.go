// Package forecast says when stock will run out, at the pace it was sold lately,
// and what to order or to move before. It reads nothing and prints nothing.
package forecast

import (
	"math"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/movements"
)

// day is the length of the days that sales are counted by.
const day = 24 * time.Hour

// Options say which sales count, and how long stock is to last.
type Options struct {
	Now    time.Time
	Window int // days of sales, back from now
	Cover  int // days that stock is to last
	// LogFrom is the moment since when the log is complete: the sales of a
	// shorter time are those of fewer days.
	LogFrom time.Time
}

// Sales adds up what was sold of each record.
type Sales struct {
	Options
	begin   time.Time
	records map[string]*tally
	// Undated is how many sales have no time, and are left out.
	Undated int
}

type tally struct {
	sold  int64     // within the window
	first time.Time // the first movement of any kind
}

// New returns sales of nothing yet.
func New(o Options) *Sales {
	return &Sales{Options: o, begin: o.Now.Add(-time.Duration(o.Window) * day), records: map[string]*tally{}}
}

// Begin is the moment since when sales count.
func (s *Sales) Begin() time.Time {
	if s.LogFrom.After(s.begin) && s.LogFrom.Before(s.Now) {
		return s.LogFrom
	}
	return s.begin
}

// Add counts a movement. A sale that was logged with the wrong sign and taken
// back counts for nothing, so signs are kept.
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

// Outlook is what is to be expected of a record.
type Outlook struct {
	Record api.Record
	Sold   int64   // units, within the window
	Days   float64 // that they were sold in
	// Lasts is how long what is available lasts; false where nothing was sold.
	Lasts time.Duration
	Sells bool
	// Needs is what lasts for the days to cover.
	Needs int64
	// Lacks is what is missing of that, or of the reorder level; 0: nothing.
	Lacks int64
}

// Of returns the outlook of a record.
func (s *Sales) Of(r api.Record) Outlook {
	o := Outlook{Record: r, Days: float64(s.Window)}
	begin := s.Begin()
	if t := s.records[r.ID]; t != nil {
		o.Sold = max(0, t.sold)
		// A record that is younger than the window sold all it did since.
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

// DaysOfCover is how many days the stock lasts, rounded down to a tenth.
func (o Outlook) DaysOfCover() float64 { return math.Floor(o.Lasts.Hours()/24*10+1e-9) / 10 }

// PerDay is what is sold in a day, rounded to a hundredth.
func (o Outlook) PerDay() float64 { return math.Round(float64(o.Sold)/o.Days*100) / 100 }

// Order is what to order where some of it was found elsewhere: what is still
// missing, and never less than the record's reorder quantity.
func (o Outlook) Order(found int64) int64 {
	missing := o.Lacks - found
	if missing <= 0 {
		return 0
	}
	return max(missing, value(o.Record.ReorderQty))
}

// Spare is what the record can give away and still last for the days to cover,
// and stay above its reorder level.
func (o Outlook) Spare() int64 {
	keep := o.Needs
	if level := o.Record.ReorderLevel; level != nil {
		keep = max(keep, *level+1)
	}
	return max(0, value(o.Record.AvailableQty)-keep)
}

// Compare sorts by urgency: what runs out first, then what is farthest below its
// reorder level.
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
