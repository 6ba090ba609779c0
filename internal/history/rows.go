package history

import "time"

// Row is the stock at the end of a day, or after a movement.
type Row struct {
	Date     string `json:"date"` // a day, or a time in RFC 3339
	OnHand   int64  `json:"onHand"`
	In       int64  `json:"in"`
	Out      int64  `json:"out"`
	Reserved *int64 `json:"reserved"` // null if it is not certain
	Certain  bool   `json:"certain"`
	// For movements only.
	Action     string `json:"action,omitempty"`
	MovementID string `json:"movementId,omitempty"`
}

// ByMovement returns one row for each movement since the given time.
func (l Line) ByMovement(since time.Time) []Row {
	rows := []Row{}
	for _, s := range l.Steps {
		if s.At.Before(since) {
			continue
		}
		r := Row{
			Date: s.At.Format(time.RFC3339Nano), OnHand: s.OnHand, Certain: !s.At.Before(l.Certain),
			Reserved: l.reserved(s), Action: s.Action, MovementID: s.ID,
		}
		r.add(s)
		rows = append(rows, r)
	}
	return rows
}

func (l Line) reserved(s Step) *int64 {
	if s.At.Before(l.ReservedCertain) {
		return nil
	}
	return &s.Reserved
}

func (r *Row) add(s Step) {
	if change, _ := s.Stock(); change > 0 {
		r.In += change
	} else {
		r.Out -= change
	}
}

// ByDay returns one row for each day in a zone until today, beginning with the day
// of since or of the record's creation, whichever is later.
func (l Line) ByDay(since time.Time, zone *time.Location) []Row {
	since = later(since, l.Begin)
	day := Midnight(since, zone)
	rows := []Row{}
	state, i := l.First, 0
	for !day.After(l.Now.At) {
		next := day.AddDate(0, 0, 1)
		r := Row{Date: day.Format(time.DateOnly), Certain: l.Certain.IsZero() || !day.Before(l.Certain)}
		for ; i < len(l.Steps) && l.Steps[i].At.Before(next); i++ {
			state = l.Steps[i]
			if !state.At.Before(day) {
				r.add(state)
			}
		}
		if next.After(l.Now.At) { // with clocks that differ, movements can be from tomorrow
			for ; i < len(l.Steps); i++ {
				state = l.Steps[i]
				r.add(state)
			}
		}
		r.OnHand = state.OnHand
		end := state
		end.At = next.Add(-time.Nanosecond)
		r.Reserved = l.reserved(end)
		rows = append(rows, r)
		day = next
	}
	return rows
}

// Midnight returns the beginning of a day. If the zone skips midnight, it returns
// the first time after it.
func Midnight(t time.Time, zone *time.Location) time.Time {
	year, month, day := t.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}
