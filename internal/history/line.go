// Package history reconstructs the stock of a record over time, from the current
// quantities backwards through the movement log. Where the log is incomplete or
// contradicts the record, the line says since when it is certain. The package does
// no input or output.
package history

import (
	"fmt"
	"slices"
	"time"

	"github.com/bayworks/stockctl/internal/api"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/movements"
)

// tolerance is how far apart the API may record two times of the same event.
const tolerance = time.Minute

// created is the maximum time between the creation of a record and a movement for
// its initial stock, if the API logs one.
const created = time.Second

// Source is the input for a line.
type Source struct {
	Record api.Record // with its current quantities
	// Moves are the record's movements, in the order of the log.
	Moves       []movements.Movement
	NewestFirst bool
	// LogFrom is the time since when no movement is missing; Gaps means that there
	// is no such time.
	LogFrom time.Time
	Gaps    bool
	// Moving means that the record changed while the log was read.
	Moving bool
	Now    time.Time
	Zone   *time.Location // for dates in Doubts
}

// Step is a movement and the stock after it.
type Step struct {
	movements.Movement
	OnHand   int64
	Reserved int64
}

// Line is the stock of a record over time.
type Line struct {
	Steps []Step // oldest first
	// First is the stock before the first step.
	First Step
	// Now is the current stock.
	Now Step
	// Begin is when the record was created or had its first movement, whichever is
	// earlier; zero if unknown.
	Begin time.Time
	// Created means that the first step is the movement for the initial stock.
	Created bool
	// Certain is the time since when the quantity on hand is certain and no
	// movement is missing; zero means always.
	Certain time.Time
	// ReservedCertain is the same for the reserved quantity.
	ReservedCertain time.Time
	// Doubts are sentences that say why the line is not certain before.
	Doubts []string
}

// Rebuild reconstructs the line of a record.
func Rebuild(s Source) Line {
	if s.Zone == nil {
		s.Zone = time.Local
	}
	l := Line{Now: Step{OnHand: value(s.Record.OnHandQty), Reserved: value(s.Record.ReservedQty)}}
	l.Now.At = s.Now
	undated := 0
	for _, m := range s.Moves {
		if !m.Dated {
			undated++
			continue
		}
		l.Steps = append(l.Steps, Step{Movement: m})
	}
	if s.NewestFirst {
		slices.Reverse(l.Steps)
	}
	slices.SortStableFunc(l.Steps, func(a, b Step) int { return a.At.Compare(b.At) })
	onHand, reserved := l.Now.OnHand, l.Now.Reserved
	for i := len(l.Steps) - 1; i >= 0; i-- {
		l.Steps[i].OnHand, l.Steps[i].Reserved = onHand, reserved
		changed, set := l.Steps[i].Stock()
		onHand, reserved = onHand-changed, reserved-set
	}
	l.First = Step{OnHand: onHand, Reserved: reserved}
	if at := s.Record.CreatedAt; at != nil {
		l.Begin = at.UTC()
		if len(l.Steps) > 0 {
			first := l.Steps[0]
			l.Created = first.Action == api.ActionReceived && first.At.Sub(l.Begin).Abs() <= created
			if first.At.Before(l.Begin) {
				l.Begin = first.At
			}
		}
	}
	l.judge(s, undated)
	return l
}

func value(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// judge determines since when the line is certain.
func (l *Line) judge(s Source, undated int) {
	day := func(t time.Time) string { return t.In(s.Zone).Format(time.DateOnly) }
	if undated > 0 {
		l.doubt(s.Now, "%s without a time in the log", failure.Count(undated, "movement of this record is", "movements of this record are"))
	}
	if s.Gaps {
		l.doubt(s.Now, "the API returns only a part of the movement log, in no known order")
	}
	if s.Moving {
		l.doubt(s.Now, "the stock kept changing while the movement log was read")
	}
	if len(l.Doubts) > 0 {
		l.ReservedCertain = l.Certain
		return
	}
	if l.Begin.IsZero() || s.LogFrom.After(l.Begin.Add(tolerance)) {
		if s.LogFrom.IsZero() {
			l.doubt(s.Now, "the movement log is empty")
		} else {
			l.doubt(s.LogFrom, "the movement log begins on %s", day(s.LogFrom))
		}
	}
	l.ReservedCertain = l.Certain
	last, settled := l.settled(s.Record)
	if settled.After(last.Add(tolerance)) && settled.After(s.LogFrom) {
		l.doubt(settled, "the record was last adjusted on %s, which is not in the movement log", day(settled))
	}
	if at, wrong := l.impossible(func(s Step) int64 { return s.OnHand }); wrong != 0 {
		l.doubt(settled, "the movement log disagrees with the %d on hand now: it would have been %d before %s", l.Now.OnHand, wrong, day(at))
	}
	if at, wrong := l.impossible(func(s Step) int64 { return s.Reserved }); wrong != 0 {
		l.ReservedCertain = later(l.ReservedCertain, settled)
		l.Doubts = append(l.Doubts, fmt.Sprintf("the movement log disagrees with the %d reserved now: it would have been %d before %s",
			l.Now.Reserved, wrong, day(at)))
	}
}

func (l *Line) doubt(certain time.Time, format string, args ...any) {
	l.Certain = later(l.Certain, certain)
	l.Doubts = append(l.Doubts, fmt.Sprintf(format, args...))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// settled is the time since when the current quantities are valid, even if the log
// has gaps before it; last is the time of the latest movement in the log.
func (l *Line) settled(r api.Record) (last, settled time.Time) {
	if len(l.Steps) > 0 {
		last = l.Steps[len(l.Steps)-1].At
	}
	if r.LastStockAdjusted == nil {
		return last, last
	}
	return last, later(last, r.LastStockAdjusted.UTC())
}

// impossible finds a quantity that cannot be right: one below zero, or one other
// than zero before the initial stock. Movements at the same time are combined,
// since the log may have them in either order.
func (l *Line) impossible(of func(Step) int64) (at time.Time, figure int64) {
	for i := len(l.Steps) - 1; i >= 0; i-- {
		before := l.First
		if i > 0 {
			before = l.Steps[i-1]
			if before.At.Equal(l.Steps[i].At) {
				continue
			}
		}
		n := of(before)
		if n < 0 || i == 0 && n != 0 && l.Created {
			return l.Steps[i].At, n
		}
	}
	return time.Time{}, 0
}
